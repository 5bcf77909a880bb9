"""The rank-sum test, the sign-flip test, many tests at once."""

from __future__ import annotations

from itertools import combinations
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from understudy.stats import benjamini_hochberg, least_rank_sum_p, rank_sum_p, sign_flip_p


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ([1.0, 2, 3, 4, 5], [3.5, 4.5, 6, 7], 0.05555555555555555),
        ([1.0, 2, 3], [4.0, 5, 6, 7], 0.02857142857142857),
        ([5.0, 6, 7, 8, 9], [1.0, 2, 3], 1.0),
        ([float(i) for i in range(10)], [i + 0.5 for i in range(10)], 0.36968217540972964),
    ],
)
def test_ranks_agree_with_scipy(before: list[float], after: list[float], expected: float) -> None:
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


DIFFERENCES = [1.2, -0.4, 2.2, 0.3, -1.1, 0.9, 1.6]


def drawn(n: int, mean: float, seed: int = 1) -> list[float]:
    random = Random(seed)
    return [random.gauss(mean, 1) for _ in range(n)]


def test_flips_agree_with_scipy() -> None:
    """The constant of scipy.stats.permutation_test, permutation_type samples, all flips."""
    assert sign_flip_p(DIFFERENCES) == pytest.approx(0.09375, abs=1e-10)


@pytest.mark.parametrize("n", [1, 5, 14])
def test_all_alike_is_the_least_there_can_be(n: int) -> None:
    """One flip of 2ⁿ reaches the sum seen."""
    assert sign_flip_p([1.0] * n) == 0.5**n


@pytest.mark.parametrize("differences", [[], [0.0], [0.0] * 200])
def test_no_difference_proves_nothing(differences: list[float]) -> None:
    """The p value is 1."""
    assert sign_flip_p(differences) == 1


def test_calls_that_did_not_change_do_not_count() -> None:
    """A zero is its own negative."""
    assert sign_flip_p([*DIFFERENCES, *[0.0] * 500]) == sign_flip_p(DIFFERENCES)


def test_the_sampled_p_is_near_the_exact_one() -> None:
    """Fourteen are counted, and fifteen, of which one hardly matters, are sampled."""
    fourteen = drawn(14, 0.5)

    assert sign_flip_p([*fourteen, 1e-9]) == pytest.approx(sign_flip_p(fourteen), abs=0.015)


def test_the_sampled_p_meets_the_normal_one() -> None:
    """At 99 and 100 differences."""
    hundred = drawn(100, 0.15)

    assert sign_flip_p(hundred[:99]) == pytest.approx(sign_flip_p([*hundred[:99], 1e-9]), abs=0.015)


def test_the_same_seed_gives_the_same_p() -> None:
    """A verdict does not hang on luck."""
    fifty = drawn(50, 0.2)

    assert sign_flip_p(fifty, seed=7) == sign_flip_p(fifty, seed=7)


def test_a_sampled_p_is_never_zero() -> None:
    """The flip that was seen is one of them."""
    assert sign_flip_p([1.0] * 50) == 1 / 10_000


@given(st.lists(st.floats(-100, 100), min_size=1, max_size=10))
@settings(deadline=None)
def test_one_side_or_the_other(differences: list[float]) -> None:
    """A rise and a fall cannot both be proven; what was seen counts on both sides."""
    p_rise = sign_flip_p(differences)
    p_fall = sign_flip_p([-each for each in differences])

    assert 0 < p_rise <= 1
    assert p_rise + p_fall >= 1


p_values = st.lists(st.floats(0, 1), max_size=50)


def test_q_values_agree_with_scipy() -> None:
    """The constants of scipy.stats.false_discovery_control."""
    q_values = benjamini_hochberg([0.01, 0.04, 0.03, 0.005, 0.8, 0.2])

    assert q_values == pytest.approx([0.03, 0.06, 0.06, 0.03, 0.8, 0.24])


def test_one_test_needs_no_adjustment() -> None:
    """Nor do none."""
    assert benjamini_hochberg([0.02]) == [0.02]
    assert benjamini_hochberg([]) == []


@given(p_values)
def test_never_makes_a_test_surer(values: list[float]) -> None:
    """From p to 1, in the order of p."""
    pairs = sorted(zip(values, benjamini_hochberg(values), strict=True))

    assert all(p <= q * (1 + 1e-12) and q <= 1 for p, q in pairs)
    assert [q for _, q in pairs] == sorted(q for _, q in pairs)


@given(p_values)
def test_rejects_what_the_step_up_procedure_rejects(values: list[float]) -> None:
    """The largest k with p₍ₖ₎ ≤ q k / m, and all below it."""
    ordered = sorted(values)
    least = [k for k, p in enumerate(ordered, 1) if p * len(values) / k <= 0.05]
    rejected = sum(q <= 0.05 for q in benjamini_hochberg(values))

    assert rejected == (max(least) if least else 0)
