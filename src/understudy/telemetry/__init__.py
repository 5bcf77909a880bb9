"""Recording: from what the taps see and the application says, to events."""

from ._active import activated, active_telemetry
from ._call_observation import CallObservation
from ._event_log import EventLog, Listener
from ._faults import FaultLog
from ._line_writer import JournalWriter, LineWriter, NullWriter
from ._owner import Owner, Ownership
from ._recorded import RecordedCall
from ._recorder import Recorder
from ._stats import SubjectStats
from ._telemetry import Telemetry, get_stats, record_event
from ._tracker import LLMCallTracker
from .estimates import Estimates, EstimateScope, Predictor
from .sinks import LoggingSink, Sink

__all__ = [
    "CallObservation",
    "EstimateScope",
    "Estimates",
    "EventLog",
    "FaultLog",
    "JournalWriter",
    "LLMCallTracker",
    "LineWriter",
    "Listener",
    "LoggingSink",
    "NullWriter",
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
