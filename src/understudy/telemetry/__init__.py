"""Recording: from what the taps see and the application says, to events."""

from ._call_observation import CallObservation
from ._estimates import Estimates, EstimateScope, Predictor
from ._event_log import EventLog, JournalWriter, LineWriter, Listener, NullWriter
from ._faults import FaultLog
from ._owner import Owner, Ownership, RecordedCall
from ._recorder import Recorder
from ._sinks import LoggingSink, Sink, SinkListener
from ._stats import SubjectStats
from ._telemetry import Telemetry, get_stats, record_event
from ._tracker import LLMCallTracker, activated, active_telemetry

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
    "SinkListener",
    "SubjectStats",
    "Telemetry",
    "activated",
    "active_telemetry",
    "get_stats",
    "record_event",
]
