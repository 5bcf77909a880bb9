"""Quantiles, trimmed means and how far predictions are off."""

from __future__ import annotations

import statistics
from math import log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.stats import (
    is_underestimated,
    log_trimmed_mean,
    quantile,
    smape_percent,
    waste_ratio,
)

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
def test_a_quantile_lies_within_the_sample(values: list[float], q: float) -> None:
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


samples = st.lists(st.floats(1e-6, 1e6), min_size=1, max_size=30)


def test_agrees_with_scipy() -> None:
    """The constant of scipy.stats.trim_mean(log(x), 0.2); the outlier has no say."""
    values = [100.0, 1, 2, 3, 4, 5, 6, 7, 8, 9]

    assert log_trimmed_mean(values) == pytest.approx(1.6519092870308842, abs=1e-12)
    assert log_trimmed_mean([*values[1:], 1e9]) == log_trimmed_mean(values)


@pytest.mark.parametrize(
    ("values", "expected"),
    [([7.0], 7), ([2.0, 8.0], 4), ([1.0, 3.0, 90.0], 3), ([1.0, 2.0, 8.0, 90.0], 4)],
)
def test_of_fewer_than_five_is_the_median(values: list[float], expected: float) -> None:
    """Two in the middle give their geometric mean."""
    assert log_trimmed_mean(values) == pytest.approx(log(expected))


@given(samples, st.floats(0.01, 100))
def test_a_factor_is_a_shift(values: list[float], factor: float) -> None:
    """Everything twice as slow is one log 2 more."""
    moved = log_trimmed_mean([value * factor for value in values])

    assert moved == pytest.approx(log_trimmed_mean(values) + log(factor), abs=1e-9)


@given(samples)
def test_a_trimmed_mean_lies_within_the_sample(values: list[float]) -> None:
    """And the order does not matter."""
    figure = log_trimmed_mean(values)

    assert log(min(values)) - 1e-9 <= figure <= log(max(values)) + 1e-9
    assert log_trimmed_mean(values[::-1]) == figure


@pytest.mark.parametrize("values", [[], [1.0, 0.0], [-1.0], [float("nan")], [float("inf"), 1.0]])
def test_what_has_no_logarithm_is_an_error(values: list[float]) -> None:
    """Unknown is not a number."""
    with pytest.raises(ValueError, match="needs"):
        log_trimmed_mean(values)


counts = st.integers(min_value=0, max_value=10**9)


@pytest.mark.parametrize(
    ("predicted", "actual", "smape", "waste", "underestimated"),
    [
        (800, 1200, 40.0, 0.667, True),
        (1200, 800, 40.0, 1.5, False),
        (1000, 1400, 33.33, 0.714, True),
        (1000, 1200, 18.18, 0.833, True),
        (0, 0, 0.0, None, False),
        (5, 0, 200.0, None, False),
        (0, 5, 200.0, 0.0, True),
        (7, 7, 0.0, 1.0, False),
    ],
)
def test_the_check_values(
    predicted: int, actual: int, smape: float, waste: float | None, *, underestimated: bool
) -> None:
    """Percent and ratio as floats: 18.18 and 1.5, never 18 or 150."""
    assert smape_percent(predicted, actual) == pytest.approx(smape, abs=0.005)
    assert waste_ratio(predicted, actual) == (
        None if waste is None else pytest.approx(waste, abs=0.0005)
    )
    assert is_underestimated(predicted, actual) is underestimated


@given(counts, counts)
def test_smape_is_symmetric_and_from_0_to_200(predicted: int, actual: int) -> None:
    """It is 0 only for a prediction that is right."""
    found = smape_percent(predicted, actual)

    assert 0 <= found <= 200
    assert found == smape_percent(actual, predicted)
    assert (found == 0) == (predicted == actual)
