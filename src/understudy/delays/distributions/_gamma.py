"""The gamma distribution, which fits delays between tokens."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from .._ranges import check_range

if TYPE_CHECKING:
    from random import Random

_SMALLEST: Final = 1e-6
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
