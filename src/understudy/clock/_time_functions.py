"""What `time.sleep`, `time.monotonic` and their kin are while a virtual clock runs."""

from __future__ import annotations

from operator import index
from sys import _getframe
from threading import TIMEOUT_MAX
from typing import TYPE_CHECKING, Any, Final, SupportsIndex, cast

from . import _machine as machine

if TYPE_CHECKING:
    from collections.abc import Callable

    from ._callers import RealTimeCallers
    from ._timelines import Timelines

_NANOSECONDS: Final = 1_000_000_000


class TimeFunctions:
    """Functions for the `time` module that ask a clock, or the machine for some callers.

    Whoever still holds one when the clock has stopped is told the machine's time.
    """

    def __init__(
        self,
        now: Callable[[], float],
        sleep: Callable[[float], None],
        *,
        lines: Timelines,
        callers: RealTimeCallers,
    ) -> None:
        self._now = now
        self._sleep = sleep
        self._lines = lines
        self._callers = callers
        self._epoch = self._counter = 0.0
        self.begin()
        self.by_name: dict[str, Callable[..., Any]] = {
            name: getattr(self, name) for name in machine.__all__
        }

    def begin(self) -> None:
        """Begin at the machine's time of day and performance counter."""
        self._epoch = machine.time() - self._now()
        self._counter = machine.perf_counter() - self._now()

    def epoch_now(self) -> float:
        """Return the simulated seconds since the epoch."""
        return self._epoch + self._now()

    def monotonic(self) -> float:
        """Stand in for `time.monotonic`."""
        return machine.monotonic() if self._is_real() else self._now()

    def monotonic_ns(self) -> int:
        """Stand in for `time.monotonic_ns`."""
        return machine.monotonic_ns() if self._is_real() else _whole(self._now())

    def perf_counter(self) -> float:
        """Stand in for `time.perf_counter`."""
        return machine.perf_counter() if self._is_real() else self._counter + self._now()

    def perf_counter_ns(self) -> int:
        """Stand in for `time.perf_counter_ns`."""
        return machine.perf_counter_ns() if self._is_real() else _whole(self._counter + self._now())

    def time(self) -> float:
        """Stand in for `time.time`."""
        return machine.time() if self._is_real() else self.epoch_now()

    def time_ns(self) -> int:
        """Stand in for `time.time_ns`."""
        return machine.time_ns() if self._is_real() else _whole(self.epoch_now())

    def sleep(self, seconds: float, /) -> None:
        """Stand in for `time.sleep`."""
        duration = None if self._is_real() else _duration(seconds)
        if duration is None:
            machine.sleep(seconds)
        else:
            self._sleep(duration)

    def _is_real(self) -> bool:
        if not self._lines.is_running:
            return True
        return self._callers[_getframe(2).f_globals.get("__name__", "")]


def _whole(seconds: float) -> int:
    return round(seconds * _NANOSECONDS)


def _duration(seconds: object) -> float | None:
    """Return the seconds, or None for what `time.sleep` refuses: it says itself why."""
    try:
        duration = seconds if isinstance(seconds, float) else index(cast("SupportsIndex", seconds))
    except TypeError:
        return None
    return duration if 0 <= duration <= TIMEOUT_MAX else None
