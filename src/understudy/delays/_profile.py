"""The profile that the built-in ones and those of the settings are made of."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, log1p, sqrt
from typing import TYPE_CHECKING, Final

from ._ranges import LONGEST_MS, check_range

if TYPE_CHECKING:
    from collections.abc import Iterator
    from random import Random

    from ._distributions import Distribution
    from ._due_times import TimedCall


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """A factor on every delay: 1 up to `free` calls in flight, then `per_call` more for each.

    `limit` is the largest factor; None sets none. The calls are counted when each delay is
    drawn, so that an answer slows down when others begin while it streams.
    """

    per_call: float
    free: int = 1
    limit: float | None = None

    def __post_init__(self) -> None:
        check_range("per_call", self.per_call)
        check_range("free", self.free)
        if self.limit is not None:
            check_range("limit", self.limit, low=1)

    def factor(self, in_flight: int) -> float:
        """Return the factor for that many calls in flight."""
        factor = 1 + self.per_call * max(0, in_flight - self.free)
        return factor if self.limit is None else min(factor, self.limit)


_MS_PER_SECOND: Final = 1000
_MOST_JITTER: Final = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """Think time, then a delay for each further line; in milliseconds, fixed or distributed.

    `jitter` is the standard deviation, in parts of the delay, of a random factor whose mean
    is 1. `load` makes delays grow with the calls in flight.
    """

    think_ms: float | Distribution
    per_line_ms: float | Distribution
    jitter: float = 0
    load: Load | None = None

    def __post_init__(self) -> None:
        for name in ("think_ms", "per_line_ms"):
            if not callable(getattr(getattr(self, name), "sample", None)):
                check_range(name, getattr(self, name))
        check_range("jitter", self.jitter, high=_MOST_JITTER)

    def delays(self, call: TimedCall) -> Iterator[float]:
        """Yield the think time in seconds, then the delay before each further line, for ever."""
        yield self._delay(self.think_ms, call)
        while True:
            yield self._delay(self.per_line_ms, call)

    def _delay(self, duration: float | Distribution, call: TimedCall) -> float:
        ms = duration if isinstance(duration, int | float) else duration.sample(call.random)
        if self.jitter:
            ms *= _jitter_factor(self.jitter, call.random)
        if self.load:
            ms *= self.load.factor(call.in_flight())
        return min(ms, LONGEST_MS) / _MS_PER_SECOND


def _jitter_factor(deviation: float, random: Random) -> float:
    """Draw from the log-normal distribution of mean 1: exp(sZ - s²/2), s² = ln(1 + deviation²)."""
    variance = log1p(deviation**2)
    return exp(sqrt(variance) * random.normalvariate(0, 1) - variance / 2)
