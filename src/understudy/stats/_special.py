"""The special functions that the distributions rest on: gamma's derivatives, gamma, beta."""

from __future__ import annotations

from functools import lru_cache
from math import exp, lgamma, log, log1p, sqrt
from typing import Final

#: From here on the asymptotic series are exact to about 1e-15.
_LARGE: Final = 12.0
_NEWTON_STEPS: Final = 100
_CLOSE: Final = 1e-14
#: Beyond these the inverse is its own leading term.
_HUGE: Final = 1e7
_TINY: Final = 1e-7
#: How many terms of the series and continued fractions, and to which precision.
_GAMMA_TERMS: Final = 500
_GAMMA_CLOSE: Final = 1e-12
_BETA_TERMS: Final = 10_000
_NOT_ZERO: Final = 1e-300


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
    for _ in range(_NEWTON_STEPS):
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


def gamma_cdf(x: float, *, shape: float, scale: float) -> float:
    """Return P(X ≤ x): the regularised lower incomplete gamma function P(shape, x / scale).

    Its series for small x, Lentz's continued fraction of 1 - P for large: Press et al.,
    Numerical Recipes, section 6.2.
    """
    z = x / scale
    if z <= 0:
        return 0.0
    front = exp(shape * log(z) - z - lgamma(shape))
    if z < shape + 1:
        return min(1.0, front * _gamma_series(shape, z))
    return max(0.0, 1.0 - front * _gamma_fraction(shape, z))


def _gamma_series(shape: float, z: float) -> float:
    term = total = 1.0 / shape
    for n in range(1, _GAMMA_TERMS):
        term *= z / (shape + n)
        total += term
        if term < total * _GAMMA_CLOSE:
            break
    return total


def _gamma_fraction(shape: float, z: float) -> float:
    b = z + 1 - shape
    c, d = 1 / _NOT_ZERO, 1 / b
    value = d
    for n in range(1, _GAMMA_TERMS):
        a = -n * (n - shape)
        b += 2
        d = 1 / _away_from_zero(a * d + b)
        c = _away_from_zero(b + a / c)
        value *= d * c
        if abs(d * c - 1) < _GAMMA_CLOSE:
            break
    return value


def _away_from_zero(value: float) -> float:
    return value if abs(value) > _NOT_ZERO else _NOT_ZERO


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
        return front * _beta_fraction(a, b, x) / a
    return 1 - front * _beta_fraction(b, a, 1 - x) / b


@lru_cache(maxsize=64)
def _log_beta(a: float, b: float) -> float:
    return lgamma(a) + lgamma(b) - lgamma(a + b)


def _beta_fraction(a: float, b: float, x: float) -> float:
    """Evaluate the continued fraction until a step changes nothing."""
    upper = 1.0
    value = lower = 1 / ((1 - (a + b) * x / (a + 1)) or _NOT_ZERO)
    for m in range(1, _BETA_TERMS):
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
