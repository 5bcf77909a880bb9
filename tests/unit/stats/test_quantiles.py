"""Quantiles."""

from __future__ import annotations

import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.stats import quantile

numbers = st.floats(min_value=-1e6, max_value=1e6)


@pytest.mark.parametrize(
    ("q", "expected"), [(0, 1), (0.25, 1.75), (0.5, 2.5), (0.95, 3.85), (1, 4)]
)
def test_interpolates_between_order_statistics(q: float, expected: float) -> None:
    """Type 7: h = (n - 1) q is the place in the sorted sample."""
    assert quantile([4, 1, 3, 2], q) == pytest.approx(expected)


def test_of_one_value_is_that_value() -> None:
    """All quantiles of a sample of one are its value."""
    assert quantile([7.5], 0.95) == 7.5


@given(st.lists(numbers, min_size=2, max_size=50))
def test_agrees_with_the_standard_library(values: list[float]) -> None:
    """`statistics.quantiles` calls type 7 inclusive."""
    expected = statistics.quantiles(values, n=20, method="inclusive")[18]

    assert quantile(values, 0.95) == pytest.approx(expected, abs=1e-6)


@given(st.lists(numbers, min_size=1), st.floats(0, 1))
def test_lies_within_the_sample(values: list[float], q: float) -> None:
    """No quantile is outside the extremes, but for the rounding of floats."""
    slack = 1e-9 * max(map(abs, values))

    assert min(values) - slack <= quantile(values, q) <= max(values) + slack


def test_of_nothing_is_an_error() -> None:
    """An empty sample has no quantile: unknown is not 0."""
    with pytest.raises(ValueError, match="at least one value"):
        quantile([], 0.5)


@pytest.mark.parametrize("q", [-0.01, 1.01, float("nan")])
def test_out_of_range_is_an_error(q: float) -> None:
    """Percent instead of a fraction is a mistake to say, not to guess at."""
    with pytest.raises(ValueError, match="q is from 0 to 1"):
        quantile([1, 2], q)
