"""An attempt that ended, as kept in memory for the test that made it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..events import CallEvent

if TYPE_CHECKING:
    from ..calls import Exchange, Request, Response
    from ..wire import Recognised


@dataclass(frozen=True, slots=True)
class RecordedCall:
    """The fields of one attempt's event, and what went over the wire where it is kept.

    `fields` may still grow: a tracker annotates the attempts made inside it.
    """

    fields: dict[str, Any]
    recognised: Recognised | None = None
    request: Request | None = None
    response: Response | None = None

    @property
    def event(self) -> CallEvent:
        """The event as it stands now, without a price."""
        return CallEvent.model_validate(self.fields)

    def read(self) -> Exchange | None:
        """Read the whole exchange, its text and tool calls too; None for calls without a wire."""
        if self.recognised is None or self.request is None or self.response is None:
            return None
        return self.recognised.read(self.request, self.response)
