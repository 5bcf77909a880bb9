"""The log-normal distribution, which fits times to first token."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, log
from typing import TYPE_CHECKING, Final

from .._ranges import LONGEST_MS, check_range

if TYPE_CHECKING:
    from random import Random

#: The 95 % quantile of the standard normal distribution.
_Z95: Final = 1.6448536269514722
#: `exp` of more overflows.
_LARGEST_EXPONENT: Final = 700.0
_SMALLEST_MEDIAN: Final = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class LogNormal:
    """By the two figures that every dashboard shows: the `median` and the 95 % quantile `p95`."""

    median: float
    p95: float

    def __post_init__(self) -> None:
        check_range("median", self.median, low=_SMALLEST_MEDIAN)
        check_range("p95", self.p95, low=self.median, high=LONGEST_MS)

    @property
    def sigma(self) -> float:
        """The standard deviation of the logarithm."""
        return log(self.p95 / self.median) / _Z95

    def sample(self, random: Random) -> float:
        """Draw one."""
        exponent = self.sigma * random.normalvariate(0, 1)
        return self.median * exp(min(exponent, _LARGEST_EXPONENT))
