"""How good predictions are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.analytics.samples import estimate

from understudy.analytics import Pair, accuracy_of, pair_of, pairs_of

counts = st.integers(min_value=0, max_value=10**6)


def test_figures_are_means_over_the_calls() -> None:
    """SMAPE over all of them, waste over those that wrote anything."""
    found = accuracy_of([Pair(1200, 800), Pair(1000, 1400), Pair(10, 0)])

    assert found.calls == 3
    assert found.smape_percent == pytest.approx((40 + 33.333333 + 200) / 3)
    assert found.waste_ratio == pytest.approx((1.5 + 1000 / 1400) / 2)
    assert found.underestimated == 1
    assert found.underestimated_percent == pytest.approx(100 / 3)
    assert (found.predicted_tokens, found.actual_tokens) == (2210, 2200)


def test_of_no_calls_nothing_is_known() -> None:
    """Unknown is not zero."""
    found = accuracy_of([])

    assert (found.calls, found.smape_percent, found.waste_ratio) == (0, None, None)
    assert found.underestimated_percent is None


@given(st.lists(st.builds(Pair, counts, counts), min_size=1))
def test_the_order_of_calls_does_not_matter(pairs: list[Pair]) -> None:
    """And SMAPE stays in its range."""
    found = accuracy_of(pairs)

    assert found.smape_percent is not None
    assert 0 <= found.smape_percent <= 200
    assert found.smape_percent == pytest.approx(accuracy_of(reversed(pairs)).smape_percent)


def test_a_pair_needs_an_outcome() -> None:
    """What is unknown is left out, never taken for 0."""
    known, unknown = estimate(1, 2), estimate(1, None)

    assert pair_of(unknown) is None
    assert pairs_of([unknown, known]) == [(1, 2)]
