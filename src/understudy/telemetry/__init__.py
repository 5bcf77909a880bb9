"""Recording: from what the taps see and the application says, to events."""

from ._active import activated, active_telemetry
from ._attempt import Attempt
from ._faults import FaultLog
from ._ledger import Ledger, Listener
from ._lines import JournalledLines, Lines, NoLines
from ._owner import Owner, Ownership
from ._recorded import RecordedCall
from ._recorder import Recorder
from ._stats import SubjectStats
from ._telemetry import Telemetry, get_stats, record_event
from ._tracker import LLMCallTracker
from .estimates import Estimates, EstimateScope, Predictor
from .sinks import LoggingSink, Sink

__all__ = [
    "Attempt",
    "EstimateScope",
    "Estimates",
    "FaultLog",
    "JournalledLines",
    "LLMCallTracker",
    "Ledger",
    "Lines",
    "Listener",
    "LoggingSink",
    "NoLines",
    "Owner",
    "Ownership",
    "Predictor",
    "RecordedCall",
    "Recorder",
    "Sink",
    "SubjectStats",
    "Telemetry",
    "activated",
    "active_telemetry",
    "get_stats",
    "record_event",
]
