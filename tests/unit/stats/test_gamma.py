"""Digamma, trigamma and its inverse."""

from __future__ import annotations

from math import pi

import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.stats import digamma, trigamma, trigamma_inverse

positive = st.floats(1e-3, 1e6)


@pytest.mark.parametrize(
    ("x", "expected"),
    [
        (0.3, -3.502524222200133),
        (1, -0.5772156649015329),
        (2.5, 0.7031566406452432),
        (7, 1.872784335098467),
        (40, 3.6763273740348428),
        (1234.5, 7.1180162318279985),
    ],
)
def test_digamma_agrees_with_scipy(x: float, expected: float) -> None:
    """Constants of scipy.special.digamma."""
    assert digamma(x) == pytest.approx(expected, abs=1e-10)


@pytest.mark.parametrize(
    ("x", "expected"),
    [
        (0.3, 12.245364546107734),
        (1, pi**2 / 6),
        (2.5, 0.4903577561002349),
        (7, 0.15354517795933756),
        (40, 0.025315103841291032),
        (1234.5, 0.0008103727271269668),
    ],
)
def test_trigamma_agrees_with_scipy(x: float, expected: float) -> None:
    """Constants of scipy.special.polygamma(1, x)."""
    assert trigamma(x) == pytest.approx(expected, abs=1e-10)


@given(positive)
def test_both_obey_their_recurrences(x: float) -> None:
    """ψ(x + 1) = ψ(x) + 1/x, and the derivative of it."""
    assert digamma(x + 1) == pytest.approx(digamma(x) + 1 / x, rel=1e-10, abs=1e-10)
    assert trigamma(x + 1) == pytest.approx(trigamma(x) - 1 / (x * x), rel=1e-6, abs=1e-9)


@given(st.floats(1e-9, 1e9))
def test_the_inverse_undoes_trigamma(y: float) -> None:
    """At both ends, where it is its own leading term, as well as between."""
    assert trigamma(trigamma_inverse(y)) == pytest.approx(y, rel=1e-3 if y > 1e7 else 1e-7)
