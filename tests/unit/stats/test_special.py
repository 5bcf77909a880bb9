"""Derivatives of the gamma function, the gamma distribution, the incomplete beta function."""

from __future__ import annotations

from math import erf, exp, pi, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.stats import digamma, gamma_cdf, incomplete_beta, trigamma, trigamma_inverse

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


shape = st.floats(0.1, 500)


@pytest.mark.parametrize(
    ("a", "b", "x", "expected"),
    [
        (0.5, 0.5, 0.3, 0.36901011956554536),
        (2, 3, 0.4, 0.5248),
        (4.5, 0.5, 0.99, 0.7698749998921366),
        (50, 0.5, 0.6, 1.0028016200405016e-12),
        (30, 40, 0.45, 0.6447480085585666),
        (1, 1, 0.123, 0.123),
        (500, 0.5, 0.999, 0.31731044730971725),
    ],
)
def test_agrees_with_scipy(a: float, b: float, x: float, expected: float) -> None:
    """Constants of scipy.special.betainc."""
    assert incomplete_beta(a, b, x) == pytest.approx(expected, rel=1e-9, abs=1e-10)


@given(shape, shape)
def test_runs_from_0_to_1(a: float, b: float) -> None:
    """The ends are exact."""
    assert incomplete_beta(a, b, 0) == 0
    assert incomplete_beta(a, b, 1) == 1


@given(shape, shape, st.floats(0.001, 0.999))
def test_is_symmetric(a: float, b: float, x: float) -> None:
    """I_x(a, b) = 1 - I_{1-x}(b, a), whichever side the fraction is taken from."""
    assert incomplete_beta(a, b, x) == pytest.approx(1 - incomplete_beta(b, a, 1 - x), abs=1e-10)


@pytest.mark.parametrize(
    ("x", "shape", "expected"),
    [
        (0.0, 2.0, 0.0),
        (1.0, 1.0, 1 - exp(-1)),
        (30.0, 1.0, 1 - exp(-30)),
        (2.0, 2.0, 1 - 3 * exp(-2)),
        (0.5, 0.5, erf(sqrt(0.5))),
        (1000.0, 2.0, 1.0),
    ],
)
def test_the_gamma_distribution_function(x: float, shape: float, expected: float) -> None:
    """Against its closed forms."""
    assert gamma_cdf(x, shape=shape, scale=1.0) == pytest.approx(expected, abs=1e-12)
