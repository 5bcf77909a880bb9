"""Events as records of the standard library's logging."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ...events import TelemetryEvent


class LoggingSink:
    """Logs each event, as JSON without its empty fields, to the logger `understudy.events`."""

    def __init__(self, *, level: int = logging.INFO) -> None:
        self._level = level
        self._logger = logging.getLogger("understudy.events")

    def emit(self, event: TelemetryEvent) -> None:
        """Log one event."""
        if self._logger.isEnabledFor(self._level):
            self._logger.log(self._level, "%s", event.model_dump_json(exclude_none=True))
