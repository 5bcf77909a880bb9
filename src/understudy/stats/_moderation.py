"""Variances that borrow strength from each other."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, log
from typing import TYPE_CHECKING, Final

from ._gamma import digamma, trigamma, trigamma_inverse

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

#: Variances nearer to one another than chance would have them: the prior decides alone.
_LEAST_SPREAD: Final = 1e-6


@dataclass(frozen=True, slots=True)
class VariancePrior:
    """What is known of a variance before it is measured: s₀² on d₀ degrees of freedom.

    The variances of many tests are taken as drawn from s₀² d₀ / χ²(d₀).
    """

    variance: float
    df: float

    def moderate(self, variance: float, df: float) -> float:
        """Return (d₀ s₀² + d s²) / (d₀ + d), to be used with d₀ + d degrees of freedom."""
        return (self.df * self.variance + df * variance) / (self.df + df)

    def fit(
        self, variances: Iterable[tuple[float, float]], *, weight: float, floor: float
    ) -> VariancePrior:
        """Return the prior that (variance, df) pairs tell, begun from this one.

        By the moments of the logarithms: with e = log s² - ψ(d/2) + log(d/2),
        E e = log s₀² - ψ(d₀/2) + log(d₀/2) and Var e = ψ'(d/2) + ψ'(d₀/2) (Smyth 2004,
        section 6.2; R's limma, `fitFDist`). This prior counts as `weight` variances more,
        so that few of them, or one, do not speak for all.

        Args:
            variances: each with its degrees of freedom, 1 or more.
            weight: how many variances this prior is worth.
            floor: the least variance; a variance of 0 has no logarithm.
        """
        logs = [
            (log(max(variance, floor)) - digamma(df / 2) + log(df / 2), trigamma(df / 2))
            for variance, df in variances
        ]
        if not logs:
            return self
        own = weight / (weight + len(logs))
        start = log(self.variance) - digamma(self.df / 2) + log(self.df / 2)
        mean = own * start + (1 - own) * sum(e for e, _ in logs) / len(logs)
        spread = own * (trigamma(self.df / 2) + (start - mean) ** 2) + (1 - own) * _excess(
            logs, mean
        )
        d0 = 2 * trigamma_inverse(max(spread, _LEAST_SPREAD))
        return VariancePrior(exp(mean + digamma(d0 / 2) - log(d0 / 2)), d0)


def _excess(logs: Sequence[tuple[float, float]], mean: float) -> float:
    """Return how much more the log variances scatter about `mean` than chance explains."""
    return sum((e - mean) ** 2 - chance for e, chance in logs) / len(logs)
