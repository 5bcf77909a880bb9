"""The distribution function of the gamma distribution, without scipy."""

from __future__ import annotations

from math import exp, lgamma, log
from typing import Final

_MOST_TERMS: Final = 500
_PRECISION: Final = 1e-12
_TINY: Final = 1e-300


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
        return min(1.0, front * _series(shape, z))
    return max(0.0, 1.0 - front * _fraction(shape, z))


def _series(shape: float, z: float) -> float:
    term = total = 1.0 / shape
    for n in range(1, _MOST_TERMS):
        term *= z / (shape + n)
        total += term
        if term < total * _PRECISION:
            break
    return total


def _fraction(shape: float, z: float) -> float:
    b = z + 1 - shape
    c, d = 1 / _TINY, 1 / b
    value = d
    for n in range(1, _MOST_TERMS):
        a = -n * (n - shape)
        b += 2
        d = 1 / _away_from_zero(a * d + b)
        c = _away_from_zero(b + a / c)
        value *= d * c
        if abs(d * c - 1) < _PRECISION:
            break
    return value


def _away_from_zero(value: float) -> float:
    return value if abs(value) > _TINY else _TINY
