"""The sign-flip test."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from understudy.stats import sign_flip_p

DIFFERENCES = [1.2, -0.4, 2.2, 0.3, -1.1, 0.9, 1.6]


def drawn(n: int, mean: float, seed: int = 1) -> list[float]:
    random = Random(seed)
    return [random.gauss(mean, 1) for _ in range(n)]


def test_agrees_with_scipy() -> None:
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
