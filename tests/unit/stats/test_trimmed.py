"""The trimmed mean of logarithms."""

from __future__ import annotations

from math import log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.stats import log_trimmed_mean

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
def test_lies_within_the_sample(values: list[float]) -> None:
    """And the order does not matter."""
    figure = log_trimmed_mean(values)

    assert log(min(values)) - 1e-9 <= figure <= log(max(values)) + 1e-9
    assert log_trimmed_mean(values[::-1]) == figure


@pytest.mark.parametrize("values", [[], [1.0, 0.0], [-1.0], [float("nan")], [float("inf"), 1.0]])
def test_what_has_no_logarithm_is_an_error(values: list[float]) -> None:
    """Unknown is not a number."""
    with pytest.raises(ValueError, match="needs"):
        log_trimmed_mean(values)
