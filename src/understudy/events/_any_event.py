"""What users do besides calls, and any event, told apart by `event_type`."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field, TypeAdapter

from ._base import Count, Milliseconds, TelemetryEvent
from ._call import CallEvent

if TYPE_CHECKING:
    from collections.abc import Mapping


class DirectEditEvent(TelemetryEvent):
    """The user changed the subject by hand; `edit_latency_ms` is how long the app took."""

    event_type: Literal["direct_edit"] = "direct_edit"
    edit_latency_ms: Milliseconds | None = None
    lines_emitted: Count | None = None
    lines_accepted: Count | None = None
    lines_rejected: Count | None = None


class UndoEvent(TelemetryEvent):
    """The user took a change back; `message_id` names the answer that made it."""

    event_type: Literal["undo"] = "undo"
    edit_latency_ms: Milliseconds | None = None


class EscalationEvent(TelemetryEvent):
    """A tier gave up and handed the work to `tier`; the reason is required."""

    event_type: Literal["escalation"] = "escalation"
    escalation_reason: str = Field(min_length=1)


AnyEvent = Annotated[
    CallEvent | DirectEditEvent | UndoEvent | EscalationEvent, Field(discriminator="event_type")
]


def parse_event(fields: Mapping[str, Any]) -> AnyEvent:
    """Make the event that `fields` describe.

    Raises:
        pydantic.ValidationError: a field is unknown, missing or out of range.
    """
    return _adapter().validate_python(fields)


@cache
def _adapter() -> TypeAdapter[AnyEvent]:
    return TypeAdapter(AnyEvent)
