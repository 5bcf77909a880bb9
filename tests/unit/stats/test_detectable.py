"""The least difference that a test finds."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.stats import detectable_difference


def test_is_the_sum_of_two_quantiles() -> None:
    """t(0.05) + t(0.2) at 1e9 degrees of freedom is the textbook's 1.645 + 0.842."""
    assert detectable_difference(2.0, 1e9, level=0.05) == pytest.approx(2 * 2.4864748605243863)


@given(st.floats(1e-4, 10), st.floats(1, 100))
def test_a_stricter_level_needs_more(error: float, df: float) -> None:
    """And so does more power."""
    usual = detectable_difference(error, df, level=0.05)

    assert usual < detectable_difference(error, df, level=0.01)
    assert usual < detectable_difference(error, df, level=0.05, power=0.9)
