"""The time of an answer as a line over its tokens, from sums alone."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from ...stats import TokenSums


class Line(NamedTuple):
    """An answer takes `intercept_ms`, and `slope_ms` for each token."""

    intercept_ms: float
    slope_ms: float


def line_of(sums: TokenSums) -> Line | None:
    """Return the line of least squares; None where all answers have one length.

    slope = (n Σt·ms - Σt Σms) / (n Σt² - (Σt)²), intercept = (Σms - slope Σt) / n. In fractions,
    as both differences are of large numbers that are nearly alike.
    """
    spread = sums.count * sums.tokens_squared - sums.tokens**2
    if spread <= 0:
        return None
    ms = Fraction(sums.ms)
    slope = (sums.count * Fraction(sums.tokens_ms) - sums.tokens * ms) / spread
    return Line(float((ms - slope * sums.tokens) / sums.count), float(slope))
