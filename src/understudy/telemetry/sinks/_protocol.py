"""Where events go besides the journal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from ...events import TelemetryEvent


class Sink(Protocol):
    """Gets each event in the process that recorded it, right after it was recorded.

    What a sink raises is counted and said once; it never reaches the code under test.
    """

    def emit(self, event: TelemetryEvent) -> None:
        """Take one event; called from whichever thread made the call."""
