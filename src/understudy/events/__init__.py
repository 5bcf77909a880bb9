"""What is recorded: a pydantic model for each type of event, and for estimates."""

from ._base import EVENT_VERSION, Stage, TelemetryEvent, Tier
from ._call import CallEvent, rounded_usd, usd
from ._edit import DirectEditEvent
from ._escalation import EscalationEvent
from ._estimate import (
    COMPLEXITIES,
    Complexity,
    Estimate,
    TokenEstimate,
    parse_estimate,
    token_count,
)
from ._ids import new_id
from ._settle import settle
from ._undo import UndoEvent
from ._union import AnyEvent, parse_event

__all__ = [
    "COMPLEXITIES",
    "EVENT_VERSION",
    "AnyEvent",
    "CallEvent",
    "Complexity",
    "DirectEditEvent",
    "EscalationEvent",
    "Estimate",
    "Stage",
    "TelemetryEvent",
    "Tier",
    "TokenEstimate",
    "UndoEvent",
    "new_id",
    "parse_estimate",
    "parse_event",
    "rounded_usd",
    "settle",
    "token_count",
    "usd",
]
