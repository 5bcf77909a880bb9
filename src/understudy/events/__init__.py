"""What is recorded: a pydantic model for each type of event, and for estimates."""

from ._any_event import AnyEvent, DirectEditEvent, EscalationEvent, UndoEvent, parse_event
from ._base import EVENT_VERSION, CallKeys, Stage, TelemetryEvent, Tier, new_id
from ._call import CallEvent, rounded_usd, usd
from ._estimate import (
    COMPLEXITIES,
    Complexity,
    Estimate,
    TokenEstimate,
    parse_estimate,
    token_count,
)
from ._settle import settle

__all__ = [
    "COMPLEXITIES",
    "EVENT_VERSION",
    "AnyEvent",
    "CallEvent",
    "CallKeys",
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
