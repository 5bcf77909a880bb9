"""How far an event loop in the background may run ahead."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from ._lines import Lines

# A throttled loop runs at most so much faster than the machine's time.
_SPEED: Final = 50
_SHORTEST: Final = 0.002
_LONGEST: Final = 0.25
# A test may be busy with waiting for what the loop does, in a way that nobody knows of.
_PATIENCE: Final = 1.0


@dataclass(frozen=True, slots=True)
class Look:
    """For how many real seconds to look, and what the test was doing and at what time before."""

    seconds: float
    place: tuple[int, int] | None
    now: float


class LoopThrottle:
    """Keeps a loop of another thread from idling away time while the test is busy.

    A server in a thread has timers for idle connections, and some a heartbeat. In simulated time
    they would fire as soon as it has answered, and close the connection that the test is about to
    use again. So such a loop moves on only when the thread of the test does nothing for a while
    or sleeps itself, or somebody is known to wait for what the loop does.
    """

    def __init__(self, lines: Lines, selector: Any) -> None:
        self._lines = lines
        self._selector = selector
        self._held = 0.0

    def look(self, delay: float) -> Look | None:
        """Return how to look before moving by `delay`; None where this loop is free to move."""
        if self._lines.is_home() or (self._lines.is_free() and not self._has_sockets()):
            return None
        return Look(min(max(delay / _SPEED, _SHORTEST), _LONGEST), *self._foreground())

    def holds(self, look: Look) -> bool:
        """Return whether the test was busy during the look."""
        self._held += look.seconds
        place, now = self._foreground()
        if place == look.place or now != look.now or self._held > _PATIENCE:
            self._held = 0.0
            return False
        return True

    def _foreground(self) -> tuple[tuple[int, int] | None, float]:
        home = self._lines.home
        frame = sys._current_frames().get(home)  # noqa: SLF001
        return frame and (id(frame), frame.f_lasti), self._lines[home].now

    def _has_sockets(self) -> bool:
        # The only one is the loop's own.
        return not hasattr(self._selector, "get_map") or len(self._selector.get_map()) > 1
