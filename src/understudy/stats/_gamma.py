"""Derivatives of the logarithm of the gamma function."""

from __future__ import annotations

from functools import lru_cache
from math import log, sqrt
from typing import Final

#: From here on the asymptotic series are exact to about 1e-15.
_LARGE: Final = 12.0
_STEPS: Final = 100
_CLOSE: Final = 1e-14
#: Beyond these the inverse is its own leading term.
_HUGE: Final = 1e7
_TINY: Final = 1e-7


@lru_cache(maxsize=256)
def digamma(x: float) -> float:
    """Return ψ(x), the derivative of log Γ, for x > 0.

    Abramowitz and Stegun 6.3.5 (recurrence) and 6.3.18 (asymptotic series).
    """
    shift = 0.0
    while x < _LARGE:
        shift -= 1 / x
        x += 1
    s = 1 / (x * x)
    series = s * (1 / 12 - s * (1 / 120 - s * (1 / 252 - s * (1 / 240 - s * (1 / 132)))))
    return shift + log(x) - 0.5 / x - series


@lru_cache(maxsize=256)
def trigamma(x: float) -> float:
    """Return ψ'(x), the second derivative of log Γ, for x > 0.

    Abramowitz and Stegun 6.4.6 (recurrence) and 6.4.12 (asymptotic series).
    """
    shift = 0.0
    while x < _LARGE:
        shift += 1 / (x * x)
        x += 1
    s = 1 / (x * x)
    series = 1 / 6 - s * (1 / 30 - s * (1 / 42 - s * (1 / 30 - s * (5 / 66))))
    return shift + 1 / x + s / 2 + s / x * series


def trigamma_inverse(y: float) -> float:
    """Return the x > 0 whose trigamma is y > 0.

    Newton's method on 1/ψ', which is convex and nearly linear, so that it converges from
    below: Smyth, "Linear models and empirical Bayes methods for assessing differential
    expression in microarray experiments" (2004), appendix.
    """
    if y > _HUGE:
        return 1 / sqrt(y)
    if y < _TINY:
        return 1 / y
    x = 0.5 + 1 / y
    for _ in range(_STEPS):
        value = trigamma(x)
        step = value * (1 - value / y) / _tetragamma(x)
        x += step
        if abs(step) < _CLOSE * x:
            break
    return x


def _tetragamma(x: float) -> float:
    """Return ψ''(x) by the same two formulas; only Newton's step length rests on it."""
    shift = 0.0
    while x < _LARGE:
        shift -= 2 / (x * x * x)
        x += 1
    s = 1 / (x * x)
    return shift - s * (1 + 1 / x + s * (1 / 2 - s * (1 / 6 - s * (1 / 6 - s * (3 / 10)))))
