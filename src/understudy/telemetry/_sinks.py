"""Where events go besides the journal."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from ._event_log import Recorded
    from ._owner import Owner


class Sink(Protocol):
    """Gets each event in the process that recorded it, right after it was recorded.

    What a sink raises is counted and said once; it never reaches the code under test.
    """

    def emit(self, event: Recorded) -> None:
        """Take one event; called from whichever thread made the call."""


class LoggingSink:
    """Logs each event, as JSON without its empty fields, to the logger `understudy.events`."""

    def __init__(self, *, level: int = logging.INFO) -> None:
        self._level = level
        self._logger = logging.getLogger("understudy.events")

    def emit(self, event: Recorded) -> None:
        """Log one event."""
        if self._logger.isEnabledFor(self._level):
            self._logger.log(self._level, "%s", event.model_dump_json(exclude_none=True))


@dataclass(frozen=True, slots=True)
class SinkListener:
    """Hands a sink what the event log hears. Satisfies `Listener`."""

    sink: Sink
    is_wanted: bool = True

    def hear(self, owner: Owner, event: Recorded) -> None:  # noqa: ARG002 - a sink has no owner
        """Let the sink take the event."""
        self.sink.emit(event)
