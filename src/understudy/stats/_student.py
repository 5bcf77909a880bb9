"""Student's t distribution."""

from __future__ import annotations

from functools import lru_cache
from math import erfc, inf, sqrt
from typing import Final

from ._beta import incomplete_beta

#: From here on a normal approximation is exact to 1e-10, and the gamma function is not.
_NORMAL: Final = 1e5
_HALVINGS: Final = 200


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
