"""Anything between two values, each as likely as the other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .._ranges import check_range

if TYPE_CHECKING:
    from random import Random


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
