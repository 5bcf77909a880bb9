"""Distributions of a duration; plain numbers, whose unit is that of their parameters."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, log
from typing import TYPE_CHECKING, Final, Protocol

from ._ranges import LONGEST_MS, check_range

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random


class Distribution(Protocol):
    """Draws durations of at least 0."""

    def sample(self, random: Random) -> float:
        """Draw one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Uniform:
    """From `low` to `high`."""

    low: float
    high: float

    def __post_init__(self) -> None:
        check_range("low", self.low)
        check_range("high", self.high, low=self.low)

    def sample(self, random: Random) -> float:
        """Draw one."""
        return random.uniform(self.low, self.high)


@dataclass(frozen=True, slots=True, kw_only=True)
class Normal:
    """`mean` and standard `deviation` before the truncation at 0, which draws again."""

    mean: float
    deviation: float

    def __post_init__(self) -> None:
        check_range("mean", self.mean)
        check_range("deviation", self.deviation)

    def sample(self, random: Random) -> float:
        """Draw one; at least every second draw is not negative, as the mean is not."""
        while True:
            value = random.normalvariate(self.mean, self.deviation)
            if value >= 0:
                return value


#: The 95 % quantile of the standard normal distribution.
_Z95: Final = 1.6448536269514722
#: `exp` of more overflows.
_LARGEST_EXPONENT: Final = 700.0
_SMALLEST: Final = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class LogNormal:
    """By the two figures that every dashboard shows: the `median` and the 95 % quantile `p95`."""

    median: float
    p95: float

    def __post_init__(self) -> None:
        check_range("median", self.median, low=_SMALLEST)
        check_range("p95", self.p95, low=self.median, high=LONGEST_MS)

    @property
    def sigma(self) -> float:
        """The standard deviation of the logarithm."""
        return log(self.p95 / self.median) / _Z95

    def sample(self, random: Random) -> float:
        """Draw one."""
        exponent = self.sigma * random.normalvariate(0, 1)
        return self.median * exp(min(exponent, _LARGEST_EXPONENT))


_WIDEST: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Gamma:
    """By `mean` and standard `deviation`: shape (mean / deviation)², scale deviation² / mean."""

    mean: float
    deviation: float

    def __post_init__(self) -> None:
        check_range("mean", self.mean, low=_SMALLEST)
        check_range("deviation", self.deviation, low=self.mean / _WIDEST, high=self.mean * _WIDEST)

    def sample(self, random: Random) -> float:
        """Draw one."""
        shape = (self.mean / self.deviation) ** 2
        return random.gammavariate(shape, self.mean / shape)


@dataclass(frozen=True, slots=True, kw_only=True)
class Empirical:
    """Draws between the sorted `samples`, each gap as likely as the other.

    That is the inverse of the empirical distribution function with linear interpolation
    (type 7 of Hyndman and Fan, 1996), so that equidistant quantiles do as well as samples.
    """

    samples: Sequence[float]

    def __post_init__(self) -> None:
        if not isinstance(self.samples, list | tuple) or not self.samples:
            msg = f"samples is {self.samples!r}; give a list of at least one number"
            raise ValueError(msg)
        for index, sample in enumerate(self.samples):
            check_range(f"samples[{index}]", sample)
        object.__setattr__(self, "samples", tuple(sorted(self.samples)))

    def sample(self, random: Random) -> float:
        """Draw one."""
        position = random.random() * (len(self.samples) - 1)
        below = int(position)
        low, high = self.samples[below], self.samples[min(below + 1, len(self.samples) - 1)]
        return low + (position - below) * (high - low)
