"""The regularised incomplete beta function."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.stats import incomplete_beta

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
