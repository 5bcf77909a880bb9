"""The difference of two groups of runs, and how sure it is."""

from __future__ import annotations

from math import log1p, sqrt
from typing import TYPE_CHECKING, NamedTuple

from ...stats import student_isf, student_sf

if TYPE_CHECKING:
    from ...stats import VariancePrior
    from ._group import Group


class Contrast(NamedTuple):
    """A difference of mean log figures, with its standard error and degrees of freedom."""

    difference: float
    error: float
    df: float

    def p_slower(self, margin: float) -> float:
        """Return the p value of more than `margin` slower, 0.05 for 5 %: one-sided t."""
        return student_sf((self.difference - log1p(margin)) / self.error, self.df)

    def is_slower(self, level: float) -> bool:
        """Tell whether it is slower at all at this level, no margin granted."""
        return self.difference > self.error * student_isf(level, self.df)

    def is_faster(self, level: float) -> bool:
        """Tell whether it is faster at all at this level."""
        return -self.difference > self.error * student_isf(level, self.df)

    @property
    def mirrored(self) -> Contrast:
        """The same, with faster for slower."""
        return self._replace(difference=-self.difference)


def contrast(before: Group, after: Group, prior: VariancePrior) -> Contrast:
    """Compare runs by the moderated t statistic: Smyth (2004), equation 3, two groups.

    The pooled variance of both groups is moderated by `prior`; the error of the difference
    is √(s̃² (1/K + 1/J)), with d₀ + K + J - 2 degrees of freedom.
    """
    runs, more = len(before.figures), len(after.figures)
    df = runs + more - 2
    variance = prior.moderate((before.squares + after.squares) / df, df)
    error = sqrt(variance * (1 / runs + 1 / more))
    return Contrast(after.mean - before.mean, error, prior.df + df)
