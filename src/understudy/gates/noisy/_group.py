"""The runs of one side."""

from __future__ import annotations

from math import exp
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence


#: Its exponential is still a number.
_LARGEST: Final = 700.0


class Group(NamedTuple):
    """Log figures of one run each, their mean, and the squares of what they differ from it."""

    figures: tuple[float, ...]
    mean: float
    squares: float

    @property
    def mirrored(self) -> Group:
        """The same, with faster for slower."""
        return Group(tuple(-figure for figure in self.figures), -self.mean, self.squares)


def group(figures: Sequence[float]) -> Group:
    """Return the group of these figures, one or more."""
    mean = sum(figures) / len(figures)
    return Group(tuple(figures), mean, sum([(figure - mean) ** 2 for figure in figures]))


def bounded_exp(difference: float) -> float:
    """Return the ratio that a difference of logarithms stands for, at most 1e304."""
    return exp(min(difference, _LARGEST))
