"""What lines to come may still speak of, in a process whose lines are merged meanwhile."""

from __future__ import annotations

from threading import RLock
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

#: Nobody waits longer for what may be told of a call, in seconds, nor for that of more of them.
_LONGEST: Final = 3600.0
_MOST: Final = 1000


class Holds:
    """The ids of calls and events that are not merged yet: something may still be added to them.

    An id is held as often as somebody asked, and let go of when all did, when it is an hour old, or
    when there are too many.
    """

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._held: dict[str, tuple[int, float]] = {}
        self._lock = RLock()

    def hold(self, key: str) -> None:
        """Wait for more on `key`."""
        with self._lock:
            times, _ = self._held.pop(key, (0, 0.0))
            self._held[key] = (times + 1, self._now())
            if len(self._held) > _MOST:
                del self._held[next(iter(self._held))]

    def release(self, key: str) -> None:
        """Wait no longer, where nobody else does; a key that is not held is none."""
        with self._lock:
            times, since = self._held.pop(key, (0, 0.0))
            if times > 1:
                self._held[key] = (times - 1, since)

    def current(self) -> frozenset[str]:
        """Return what is held now."""
        with self._lock:
            oldest = self._now() - _LONGEST
            self._held = {key: each for key, each in self._held.items() if each[1] > oldest}
            return frozenset(self._held)
