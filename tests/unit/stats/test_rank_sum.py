"""The exact rank-sum test."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from understudy.stats import least_rank_sum_p, rank_sum_p


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ([1.0, 2, 3, 4, 5], [3.5, 4.5, 6, 7], 0.05555555555555555),
        ([1.0, 2, 3], [4.0, 5, 6, 7], 0.02857142857142857),
        ([5.0, 6, 7, 8, 9], [1.0, 2, 3], 1.0),
        ([float(i) for i in range(10)], [i + 0.5 for i in range(10)], 0.36968217540972964),
    ],
)
def test_agrees_with_scipy(before: list[float], after: list[float], expected: float) -> None:
    """Constants of scipy.stats.mannwhitneyu, alternative greater, exact."""
    assert rank_sum_p(before, after) == pytest.approx(expected, abs=1e-10)


def test_ties_speak_against_a_difference() -> None:
    """Constant figures prove nothing."""
    assert rank_sum_p([1.0, 1.0, 1.0], [1.0, 1.0]) == 1


def test_complete_separation_is_the_least_there_can_be() -> None:
    """5 and 4 runs: one of 126 deals."""
    assert rank_sum_p([1.0, 2, 3, 4, 5], [6.0, 7, 8, 9]) == least_rank_sum_p(5, 4) == 1 / 126


@given(st.integers(1, 5), st.integers(1, 4), st.data())
@settings(deadline=None)
def test_counts_the_deals(n: int, m: int, data: st.DataObject) -> None:
    """The share of all ways to deal the values that lie at least as far."""
    values = data.draw(st.lists(st.integers(), min_size=n + m, max_size=n + m, unique=True))
    before, after = [float(i) for i in values[:n]], [float(i) for i in values[n:]]

    def above(late: tuple[float, ...]) -> int:
        early = [value for value in map(float, values) if value not in late]
        return sum(a > b for a in late for b in early)

    deals = [above(late) for late in combinations(map(float, values), m)]
    seen = above(tuple(after))

    assert rank_sum_p(before, after) == pytest.approx(sum(u >= seen for u in deals) / len(deals))
