"""Thread pools: how many jobs run at a time in simulated time."""

from __future__ import annotations

import heapq
from math import inf
from threading import Lock
from typing import TYPE_CHECKING, Final

from . import _machine as machine

if TYPE_CHECKING:
    from ._lines import Line

_POLL: Final = 0.0005
# A job that runs for longer waits for something itself; others do not wait for it.
_PATIENCE: Final = 0.25


class PoolTime:
    """The simulated workers of a pool: a job begins when the first of them is free.

    The real threads do not matter: one may do in no time what eight would do in parallel.
    """

    def __init__(self, workers: int) -> None:
        self._free = [-inf] * workers
        self._running: dict[Line, float] = {}
        self._lock = Lock()

    def begin(self, line: Line, submitted: float) -> None:
        """Put `line` to the moment at which a job that was submitted then begins."""
        while not self._begin_if_known(line, submitted):
            machine.sleep(_POLL)

    def end(self, line: Line) -> None:
        """The job of `line` is over: its worker is free."""
        with self._lock:
            del self._running[line]
            heapq.heappush(self._free, line.now)

    def _begin_if_known(self, line: Line, submitted: float) -> bool:
        with self._lock:
            first_free = self._free[0] if self._free else -inf
            if not self._is_known(first_free):
                return False
            if self._free:
                heapq.heappop(self._free)
            line.start_over(max(first_free, submitted))
            self._running[line] = machine.monotonic()
            return True

    def _is_known(self, first_free: float) -> bool:
        """Return whether no running job can still end before `first_free`."""
        now = machine.monotonic()
        return all(
            line.now >= first_free or now - began > _PATIENCE
            for line, began in self._running.items()
        )
