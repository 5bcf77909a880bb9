"""The paired rule: predictions for live calls, before and now."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.gates import Verdict
from understudy.gates.paired import PairedRule, PairedVerdict

RULE = PairedRule()
Pairs = dict[int, tuple[float, float]]


def calls(count: int, *, bias: float = 1.0, length: float = 1.0, seed: int = 1) -> Pairs:
    """Live calls: answers scatter by 10 %, predictions by 25 %; both seeded by the call."""
    found: Pairs = {}
    for call in range(count):
        own = Random(f"{call}")
        task = own.uniform(100, 900)
        predicted = task * own.lognormvariate(0, 0.25) * bias
        answer = task * Random(f"{call} {seed}").lognormvariate(0, 0.1) * length
        found[call] = (round(predicted), round(answer))
    return found


def judge(before: Pairs, now: Pairs, *, exact: bool = False) -> PairedVerdict:
    return RULE.judge("test", before, now, exact=exact)


def test_a_worse_predictor_fails() -> None:
    """And is named as the cause."""
    verdict = judge(calls(60), calls(60, bias=1.6, seed=2))

    assert verdict.verdict is Verdict.FAIL
    assert verdict.points is not None
    assert verdict.points > 10
    assert verdict.p is not None
    assert verdict.p < 0.01
    assert verdict.by_predictor is not None
    assert verdict.by_predictor > 0.8 * verdict.points
    assert verdict.reason == f"predictions are worse by {verdict.points:.1f} points of SMAPE"


def test_longer_answers_are_not_the_predictors_doing() -> None:
    """The same predictions are off because the model writes more."""
    verdict = judge(calls(60), calls(60, length=1.8, seed=2))

    assert verdict.verdict is Verdict.FAIL
    assert verdict.points is not None
    assert verdict.by_predictor == pytest.approx(0)
    assert verdict.by_actuals == pytest.approx(verdict.points)


def test_a_better_predictor_is_an_improvement() -> None:
    """By the same rule, the other way round."""
    verdict = judge(calls(60, bias=1.6), calls(60, seed=2))

    assert verdict.verdict is Verdict.IMPROVED
    assert "better" in verdict.reason


@pytest.mark.parametrize("seed", [2, 3, 4])
def test_answers_that_scatter_are_no_regression(seed: int) -> None:
    """The same predictor, other samples of the model."""
    assert judge(calls(60), calls(60, seed=seed)).verdict is Verdict.PASS


def test_a_certain_change_below_two_points_passes() -> None:
    """It is sure, and too small to matter."""
    before: Pairs = dict.fromkeys(range(100), (100.0, 100.0))
    now: Pairs = dict.fromkeys(range(100), (101.5, 100.0))

    verdict = judge(before, now)

    assert verdict.verdict is Verdict.PASS
    assert verdict.p is not None
    assert verdict.p < 0.001


def test_fewer_than_twenty_calls_are_inconclusive() -> None:
    """However large the change."""
    verdict = judge(calls(19), calls(19, bias=3))

    assert verdict.verdict is Verdict.INCONCLUSIVE
    assert verdict.reason == "20 calls are needed, 19 are the same"


@pytest.mark.parametrize(
    ("now", "expected"),
    [((110, 100), Verdict.FAIL), ((101, 100), Verdict.IMPROVED), ((105, 100), Verdict.PASS)],
)
def test_replayed_answers_leave_nothing_to_chance(
    now: tuple[float, float], expected: Verdict
) -> None:
    """One call is enough, and no p is told."""
    verdict = judge({1: (105, 100)}, {1: now}, exact=True)

    assert verdict.verdict is expected
    assert verdict.p is None


def test_only_calls_of_both_runs_are_compared() -> None:
    """The others are counted."""
    before, now = calls(40), calls(50, seed=2)
    now.pop(0)

    verdict = judge(before, now)

    assert verdict.pairs == 39
    assert verdict.unmatched == 11


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [
        ({}, calls(30), Verdict.NEW),
        (calls(30), {}, Verdict.MISSING),
        ({1: (1, 1)}, {2: (1, 1)}, Verdict.INCONCLUSIVE),
        ({1: (float("nan"), 1)}, {1: (1, 1)}, Verdict.INCONCLUSIVE),
    ],
)
def test_what_cannot_be_compared_never_passes(before: Pairs, now: Pairs, expected: Verdict) -> None:
    """No baseline, no predictions, no call in common, no number."""
    verdict = judge(before, now)

    assert verdict.verdict is expected
    assert verdict.points is None
    assert verdict.reason


tokens = st.integers(0, 10_000)
pairs = st.dictionaries(st.integers(0, 30), st.tuples(tokens, tokens), min_size=1)


@given(pairs, pairs)
def test_the_parts_sum_up(before: Pairs, now: Pairs) -> None:
    """Predictor and answers share the whole change."""
    verdict = judge(before, now, exact=True)

    if verdict.points is not None:
        assert verdict.by_predictor is not None
        assert verdict.by_actuals is not None
        assert verdict.by_predictor + verdict.by_actuals == pytest.approx(verdict.points, abs=1e-9)


@given(pairs)
def test_the_same_calls_have_not_changed(before: Pairs) -> None:
    """Nothing moved, nothing fails."""
    verdict = judge(before, before, exact=True)

    assert verdict.verdict is Verdict.PASS
    assert verdict.points == 0
