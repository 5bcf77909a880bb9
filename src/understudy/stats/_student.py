"""Student's t, and what is tested with it: variances that borrow strength, what a test finds."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import erfc, exp, inf, log, sqrt
from typing import TYPE_CHECKING, Final

from ._special import digamma, incomplete_beta, trigamma, trigamma_inverse

if TYPE_CHECKING:
    from collections.abc import Iterable

#: From here on a normal approximation is exact to 1e-10, and the gamma function is not.
_NORMAL: Final = 1e5
_HALVINGS: Final = 200
#: Variances nearer to one another than chance would have them: the prior decides alone.
_LEAST_SPREAD: Final = 1e-6


def student_sf(t: float, df: float) -> float:
    """Return P(T > t) of Student's t with `df` > 0 degrees of freedom, any real number.

    P(T > t) = I_x(df/2, 1/2) / 2 with x = df / (df + t²), for t ≥ 0: Abramowitz and Stegun
    26.7.1 and 26.5.27; the normal approximation 26.7.8 for many degrees of freedom.
    """
    if abs(t) == inf:
        return 0.0 if t > 0 else 1.0
    if df > _NORMAL:
        return 0.5 * erfc(t * (1 - 1 / (4 * df)) / sqrt(2 + t * t / df))
    square = t * t
    if square < 1:  # 1 - x would be lost in rounding: take I of that instead
        half = 0.5 - 0.5 * incomplete_beta(0.5, df / 2, square / (df + square))
    else:
        half = 0.5 * incomplete_beta(df / 2, 0.5, df / (df + square))
    return half if t >= 0 else 1 - half


@lru_cache(maxsize=256)
def student_isf(p: float, df: float) -> float:
    """Return the t that is exceeded with probability p, 0 < p < 1: by halving an interval."""
    if p > 0.5:  # noqa: PLR2004 - the median
        return -student_isf(1 - p, df)
    low, high = 0.0, 1.0
    while student_sf(high, df) > p:
        low, high = high, 2 * high
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if middle in (low, high):
            break
        if student_sf(middle, df) > p:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def detectable_difference(
    standard_error: float, df: float, *, level: float, power: float = 0.8
) -> float:
    """Return the least difference that a one-sided t test finds with probability `power`.

    (t_level + t_(1 - power)) · standard error, with quantiles of Student's t at `df`: the
    usual approximation of the noncentral t by a shifted one.
    """
    return (student_isf(level, df) + student_isf(1 - power, df)) * standard_error


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
        # How much more the log variances scatter about the mean than chance explains.
        excess = sum((e - mean) ** 2 - chance for e, chance in logs) / len(logs)
        spread = own * (trigamma(self.df / 2) + (start - mean) ** 2) + (1 - own) * excess
        d0 = 2 * trigamma_inverse(max(spread, _LEAST_SPREAD))
        return VariancePrior(exp(mean + digamma(d0 / 2) - log(d0 / 2)), d0)
