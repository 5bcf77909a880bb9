"""Any event, told apart by `event_type`."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field, TypeAdapter

from ._call import CallEvent
from ._edit import DirectEditEvent
from ._escalation import EscalationEvent
from ._undo import UndoEvent

if TYPE_CHECKING:
    from collections.abc import Mapping

AnyEvent = Annotated[
    CallEvent | DirectEditEvent | UndoEvent | EscalationEvent,
    Field(discriminator="event_type"),
]


def parse_event(
    fields: Mapping[str, Any],
) -> CallEvent | DirectEditEvent | UndoEvent | EscalationEvent:
    """Make the event that `fields` describe.

    Raises:
        pydantic.ValidationError: a field is unknown, missing or out of range.
    """
    return _adapter().validate_python(fields)


@cache
def _adapter() -> TypeAdapter[CallEvent | DirectEditEvent | UndoEvent | EscalationEvent]:
    return TypeAdapter(AnyEvent)
