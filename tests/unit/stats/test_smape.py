"""SMAPE, waste and underestimation."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.stats import is_underestimated, smape_percent, waste_ratio

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
