"""The regularised incomplete beta function."""

from __future__ import annotations

from functools import lru_cache
from math import exp, lgamma, log, log1p
from typing import Final

_STEPS: Final = 10_000
_CLOSE: Final = 1e-14
_NOT_ZERO: Final = 1e-300


def incomplete_beta(a: float, b: float, x: float) -> float:
    """Return I_x(a, b) for a, b > 0 and 0 ≤ x ≤ 1.

    The continued fraction of Abramowitz and Stegun 26.5.8, evaluated by Lentz's method
    (Thompson and Barnett 1986); 1 - I_{1-x}(b, a) where that converges faster.
    """
    if x <= 0:
        return 0.0
    if x >= 1:
        return 1.0
    front = exp(a * log(x) + b * log1p(-x) - _log_beta(a, b))
    if x < (a + 1) / (a + b + 2):
        return front * _fraction(a, b, x) / a
    return 1 - front * _fraction(b, a, 1 - x) / b


@lru_cache(maxsize=64)
def _log_beta(a: float, b: float) -> float:
    return lgamma(a) + lgamma(b) - lgamma(a + b)


def _fraction(a: float, b: float, x: float) -> float:
    """Evaluate the continued fraction until a step changes nothing."""
    upper = 1.0
    value = lower = 1 / ((1 - (a + b) * x / (a + 1)) or _NOT_ZERO)
    for m in range(1, _STEPS):
        even = a + 2 * m
        term = m * (b - m) * x / ((even - 1) * even)
        lower = 1 / ((1 + term * lower) or _NOT_ZERO)
        upper = (1 + term / upper) or _NOT_ZERO
        value *= lower * upper
        term = -(a + m) * (a + b + m) * x / (even * (even + 1))
        lower = 1 / ((1 + term * lower) or _NOT_ZERO)
        upper = (1 + term / upper) or _NOT_ZERO
        change = lower * upper
        value *= change
        if -_CLOSE < change - 1 < _CLOSE:
            break
    return value
