"""Student's t distribution."""

from __future__ import annotations

from math import inf

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from understudy.stats import student_isf, student_sf

degrees = st.floats(0.5, 1e6)


@pytest.mark.parametrize(
    ("t", "df", "expected"),
    [
        (-3, 1, 0.8975836176504333),
        (-0.5, 3.7, 0.6773321833400341),
        (0, 9, 0.5),
        (0.7, 4.85, 0.2580343263256746),
        (2, 7.85, 0.04059922886010904),
        (8, 4, 0.0006619484546085836),
        (2.5, 1e4, 0.006217609775291849),
        (1.96, 1e7, 0.024997909012657114),
        (2.5, 2e5, 0.00621006245618106),
        (5.0, 1.1e5, 2.8709110115778856e-07),
        (30, 7.9, 1.0029499637035694e-09),
        (1, 0.5, 0.30112161084132205),
    ],
)
def test_agrees_with_scipy(t: float, df: float, expected: float) -> None:
    """Constants of scipy.stats.t.sf."""
    assert student_sf(t, df) == pytest.approx(expected, abs=1e-10)


@pytest.mark.parametrize(
    ("p", "df", "expected"),
    [
        (0.05, 4.85, 2.0288969811638884),
        (0.05, 1, 6.313751514675044),
        (0.2, 7.5, 0.8922093469396742),
        (0.0003, 8, 5.462150459662469),
        (0.9, 3, -1.637744353696209),
        (0.5, 5, 0),
        (0.01, 0.7, 135.57150574187784),
    ],
)
def test_the_inverse_agrees_with_scipy(p: float, df: float, expected: float) -> None:
    """Constants of scipy.stats.t.isf."""
    assert student_isf(p, df) == pytest.approx(expected, rel=1e-10, abs=1e-10)


def test_is_the_normal_distribution_in_the_end() -> None:
    """With no end of degrees of freedom."""
    assert student_sf(1.959963984540054, 1e12) == pytest.approx(0.025, abs=1e-10)


@pytest.mark.parametrize(("t", "expected"), [(inf, 0), (-inf, 1)])
def test_at_infinity(t: float, expected: float) -> None:
    """A difference without any scatter."""
    assert student_sf(t, 5) == expected


@given(st.floats(-50, 50), degrees)
def test_is_symmetric(t: float, df: float) -> None:
    """P(T > t) + P(T > -t) = 1."""
    assert student_sf(t, df) + student_sf(-t, df) == pytest.approx(1, abs=1e-12)


@given(st.floats(0, 50), st.floats(0, 50), degrees)
def test_falls(one: float, other: float, df: float) -> None:
    """The farther out, the less is beyond."""
    low, high = sorted((one, other))

    assert student_sf(high, df) <= student_sf(low, df) + 1e-12


@given(st.floats(1e-6, 0.999), st.floats(1, 1e6))
@settings(deadline=None)
def test_the_inverse_undoes_it(p: float, df: float) -> None:
    """To ten digits."""
    assert student_sf(student_isf(p, df), df) == pytest.approx(p, abs=1e-10)
