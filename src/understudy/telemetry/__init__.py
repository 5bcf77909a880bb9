"""Recording: from what the taps see and the application says, to events."""

from ._attempts import Attempt
from ._call_log import CallLog, KeptCalls, LLMCall
from ._call_observation import CallObservation
from ._estimates import Estimates, EstimateScope, Predictor
from ._event_log import (
    EventLog,
    Holds,
    JournalWriter,
    LineWriter,
    Listener,
    NullWriter,
    Recorded,
    Told,
)
from ._faults import FaultLog, LoggedFaults
from ._lifecycle import LifecycleLog, LifecycleMode
from ._owner import Owner, Ownership, RecordedCall, RecordedLifecycle
from ._recorder import Recorder
from ._stats import SubjectMemory, SubjectStats
from ._telemetry import Telemetry, get_stats, record_event
from ._tracker import (
    AttemptScope,
    LLMCallTracker,
    TrackerHost,
    activated,
    active_telemetry,
    tapped_telemetry,
)
from .sinks import LoggingSink, Sink, SinkListener

__all__ = [
    "Attempt",
    "AttemptScope",
    "CallLog",
    "CallObservation",
    "EstimateScope",
    "Estimates",
    "EventLog",
    "FaultLog",
    "Holds",
    "JournalWriter",
    "KeptCalls",
    "LLMCall",
    "LLMCallTracker",
    "LifecycleLog",
    "LifecycleMode",
    "LineWriter",
    "Listener",
    "LoggedFaults",
    "LoggingSink",
    "NullWriter",
    "Owner",
    "Ownership",
    "Predictor",
    "Recorded",
    "RecordedCall",
    "RecordedLifecycle",
    "Recorder",
    "Sink",
    "SinkListener",
    "SubjectMemory",
    "SubjectStats",
    "Telemetry",
    "Told",
    "TrackerHost",
    "activated",
    "active_telemetry",
    "get_stats",
    "record_event",
    "tapped_telemetry",
]
