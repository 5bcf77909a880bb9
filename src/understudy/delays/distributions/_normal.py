"""The normal distribution without its negative part."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .._ranges import check_range

if TYPE_CHECKING:
    from random import Random


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
