"""The rows of the `telemetry` table, one pydantic model for each type of event."""

from ._base import EVENT_VERSION, Stage, TelemetryEvent, Tier
from ._call import CallEvent
from ._edit import DirectEditEvent
from ._escalation import EscalationEvent
from ._ids import new_id
from ._undo import UndoEvent
from ._union import AnyEvent, parse_event

__all__ = [
    "EVENT_VERSION",
    "AnyEvent",
    "CallEvent",
    "DirectEditEvent",
    "EscalationEvent",
    "Stage",
    "TelemetryEvent",
    "Tier",
    "UndoEvent",
    "new_id",
    "parse_event",
]
