"""The distribution of what was measured."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .._ranges import check_range

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random


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
