"""The noisy rule: what it says of tests that became slower, and of those that did not."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from math import isfinite, log
from random import Random
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from understudy.gates import Verdict
from understudy.gates.noisy import NoisyRule, NoisyVerdict, Timings, run_figure

from .timings_of_suites import regressed, slower, suite, unchanged, unconfirmed

if TYPE_CHECKING:
    from collections.abc import Sequence

RULE = NoisyRule()
STEADY = tuple(log(each) for each in (100.0, 101.0, 99.0, 100.5, 99.5))


def judge(timings: Timings, rule: NoisyRule = RULE) -> NoisyVerdict:
    """Judge one test alone."""
    return rule.judge({"test": timings}).verdicts["test"]


def runs(*milliseconds: float) -> tuple[float, ...]:
    return tuple(map(log, milliseconds))


def words(verdicts: Sequence[NoisyVerdict]) -> Counter[Verdict]:
    return Counter(each.verdict for each in verdicts)


def test_a_regression_that_fresh_runs_confirm_fails() -> None:
    """With its size, its p and q, and what would have been found."""
    verdict = judge(Timings(STEADY, runs(120), runs(121, 119, 120, 122)))

    assert verdict.verdict is Verdict.FAIL
    assert verdict.statistics.ratio == pytest.approx(1.205, abs=0.001)
    assert verdict.statistics.p is not None
    assert verdict.statistics.p < 0.0003
    assert verdict.statistics.q == verdict.statistics.p
    assert verdict.statistics.mde_percent is not None
    assert 5 < verdict.statistics.mde_percent < 15
    assert verdict.reason == "slower by more than 5 %, in 4 fresh runs"


def test_a_slow_candidate_that_fresh_runs_do_not_confirm_passes() -> None:
    """The run that was flagged has no say in what decides it."""
    verdict = judge(Timings(STEADY, runs(150), runs(101, 99, 100, 100)))

    assert verdict.verdict is Verdict.PASS
    assert verdict.statistics.ratio == pytest.approx(1, abs=0.01)
    assert verdict.reason == "looked slower, not so in 4 fresh runs"


def test_a_slow_candidate_without_fresh_runs_is_inconclusive() -> None:
    """One process may be slow by itself: it is to be run again before it fails."""
    report = RULE.judge({"test": Timings(STEADY, runs(150))})

    assert report.verdicts["test"].verdict is Verdict.INCONCLUSIVE
    assert report.flagged == ("test",)
    assert not report.fails()
    assert report.fails(strict=True)


def test_more_than_twice_as_slow_as_ever_fails_outright() -> None:
    """That is beyond what one slow process explains; it is offered for a rerun all the same."""
    report = RULE.judge({"test": Timings(STEADY, runs(210))})

    assert report.verdicts["test"].verdict is Verdict.FAIL
    assert report.flagged == ("test",)
    assert report.fails()


def test_fresh_runs_that_look_slower_but_prove_nothing_are_inconclusive() -> None:
    """Never a silent pass where the evidence points to a regression."""
    verdict = judge(Timings(runs(100, 101, 99, 112, 98), runs(125), runs(118, 104, 122, 111)))

    assert verdict.verdict is Verdict.INCONCLUSIVE
    assert verdict.reason == "looks slower in 4 fresh runs too, but that is no proof"


def test_a_regression_within_the_margin_passes() -> None:
    """3 % are certain here, and allowed."""
    verdict = judge(Timings(STEADY, runs(103.5), runs(103, 103.1, 102.9, 103)))

    assert verdict.verdict is Verdict.PASS


def test_the_margin_is_the_users() -> None:
    """The same figures with a margin of 1 %."""
    timings = Timings(runs(100, 100.1, 99.9, 100, 100), runs(104), runs(104, 104.1, 103.9, 104))

    assert judge(timings).verdict is Verdict.PASS
    assert judge(timings, NoisyRule(margin=0.01)).verdict is Verdict.FAIL


def test_an_improvement_that_fresh_runs_confirm_is_told() -> None:
    """By the same rule, the other way round."""
    verdict = judge(Timings(STEADY, runs(80), runs(81, 79, 80, 80)))

    assert verdict.verdict is Verdict.IMPROVED
    assert verdict.statistics.ratio == pytest.approx(0.8, abs=0.01)
    assert verdict.statistics.p is not None
    assert verdict.statistics.p < 0.0003


def test_a_fast_candidate_without_fresh_runs_passes() -> None:
    """It is not slower, which is what was asked; nothing needs to run again."""
    report = RULE.judge({"test": Timings(STEADY, runs(80))})

    assert report.verdicts["test"].verdict is Verdict.PASS
    assert report.flagged == ()


@pytest.mark.parametrize("baseline", [runs(100), runs(100, 101), (None, *runs(100, 101), None)])
def test_fewer_than_three_baseline_runs_are_inconclusive(
    baseline: tuple[float | None, ...],
) -> None:
    """They do not tell how much runs differ; runs without a figure do not count."""
    verdict = judge(Timings(baseline, runs(300), runs(300, 300, 300, 300)))

    assert verdict.verdict is Verdict.INCONCLUSIVE
    assert "3 baseline runs are needed" in verdict.reason
    assert verdict.statistics.ratio is None


def test_three_baseline_runs_are_enough() -> None:
    """With four fresh runs."""
    verdict = judge(Timings(runs(100, 101, 99), runs(150), runs(150, 151, 149, 150)))

    assert verdict.verdict is Verdict.FAIL


def test_too_few_fresh_runs_prove_nothing() -> None:
    """One or two of them may be slow by chance, more often than is promised."""
    verdict = judge(Timings(STEADY, runs(150), runs(150, 150)))

    assert verdict.verdict is Verdict.INCONCLUSIVE


def test_only_the_last_ten_runs_count() -> None:
    """History before that is another program."""
    old = runs(*[50.0] * 20)
    recent = runs(*[100.0, 101.0, 99.0, 100.5, 99.5] * 2)

    assert judge(Timings((*old, *recent), runs(100))) == judge(Timings(recent, runs(100)))


def test_a_test_without_a_baseline_is_new() -> None:
    """It is no comparison: a run of new tests only is red."""
    report = RULE.judge({"test": Timings(candidate=runs(100))})

    assert report.verdicts["test"].verdict is Verdict.NEW
    assert report.compared == 0
    assert report.fails()


def test_a_test_that_was_not_run_is_missing() -> None:
    """It may have got slower so much that it timed out."""
    report = RULE.judge({"test": Timings(STEADY), "other": Timings(STEADY, runs(100))})

    assert report.verdicts["test"].verdict is Verdict.MISSING
    assert report.fails()


def test_nothing_at_all_is_red() -> None:
    """A gate that compared nothing has not passed."""
    assert RULE.judge({}).fails()


def test_a_candidate_without_a_figure_is_missing() -> None:
    """A measurement that is not a number cannot pass."""
    verdict = judge(Timings(STEADY, (None,)))

    assert verdict.verdict is Verdict.MISSING
    assert verdict.reason == "not all its samples are positive, finite numbers"


def test_a_fresh_run_without_a_figure_is_left_out() -> None:
    """Three others decide."""
    verdict = judge(Timings(STEADY, runs(150), (*runs(150, 151, 149), None)))

    assert verdict.verdict is Verdict.FAIL
    assert "3 fresh runs" in verdict.reason


@pytest.mark.parametrize(
    ("now", "expected"), [(100.0, Verdict.PASS), (104.0, Verdict.PASS), (115.0, Verdict.FAIL)]
)
def test_constant_figures_are_judged_by_the_prior(now: float, expected: Verdict) -> None:
    """Runs without any scatter do not make every difference significant."""
    verdict = judge(Timings(runs(*[100.0] * 5), runs(now), runs(*[now] * 4)))

    assert verdict.verdict is expected


@pytest.mark.parametrize("slow_ones", [1, 2, 3, 4])
def test_two_kinds_of_process_are_no_regression(slow_ones: int) -> None:
    """Half the processes run 20 % slower; a slow candidate among them is chance."""
    fast, slow = 100.0, 120.0
    confirm = [slow] * slow_ones + [fast] * (4 - slow_ones)
    verdict = judge(Timings(runs(fast, slow, fast, slow, fast), runs(slow), runs(*confirm)))

    assert verdict.verdict is not Verdict.FAIL


def test_a_slow_process_in_the_baseline_does_not_hide_a_regression() -> None:
    """Of ten runs one was slow: the ranks allow for it."""
    baseline = runs(100, 101, 99, 100, 130, 99.5, 100.5, 100, 101, 99)

    verdict = judge(Timings(baseline, runs(160), runs(160, 161, 159, 160)))

    assert verdict.verdict is Verdict.FAIL


def test_a_test_too_noisy_for_the_user_is_inconclusive() -> None:
    """It passes only where a slowdown of the size in question would have been found."""
    timings = unconfirmed(unchanged(3, between=0.2))
    rule = NoisyRule(max_mde_percent=25)

    assert judge(timings).verdict is Verdict.PASS
    assert judge(timings, rule).verdict is Verdict.INCONCLUSIVE
    assert judge(unchanged(3, between=0.005), rule).verdict is Verdict.PASS


def test_a_figure_of_any_size_is_judged() -> None:
    """The ratio of the smallest to the largest number has no exponential."""
    tiny, huge = log(1e-300), log(1e300)

    verdict = judge(Timings((tiny, huge, tiny), (huge,), (huge,) * 4))

    assert verdict.verdict is Verdict.PASS
    assert verdict.statistics.ratio is not None
    assert verdict.statistics.mde_percent is not None
    assert isfinite(verdict.statistics.ratio)
    assert isfinite(verdict.statistics.mde_percent)


def test_one_regression_among_many_fails_alone() -> None:
    """The others pass, and q minds their number."""
    timings = regressed(suite(), 1.3, keys={"test_7"})

    report = RULE.judge(timings)

    failed = [each for each in report.verdicts.values() if each.verdict is Verdict.FAIL]
    assert [each.key for each in failed] == ["test_7"]
    assert failed[0].statistics.p is not None
    assert failed[0].statistics.q == pytest.approx(100 * failed[0].statistics.p)
    assert report.suite is None


@pytest.mark.parametrize("share", [5, 30, 60, 100])
def test_power_does_not_hang_on_how_many_regress(share: int) -> None:
    """Tests that fail on their own fail, whether the suite moves or not."""
    keys = {f"test_{number}" for number in range(share)}

    report = RULE.judge(regressed(suite(), 1.25, keys=keys))

    assert words([report.verdicts[key] for key in keys])[Verdict.FAIL] >= 0.95 * share
    others = [each for key, each in report.verdicts.items() if key not in keys]
    assert words(others)[Verdict.FAIL] == 0


def test_verdicts_do_not_hang_on_what_else_was_rerun() -> None:
    """Fresh runs of all tests, or of the flagged alone, say the same."""
    whole = regressed(suite(), 1.2, keys={f"test_{number}" for number in range(20)})
    flagged = RULE.judge({key: unconfirmed(each) for key, each in whole.items()}).flagged
    partly = {key: each if key in flagged else unconfirmed(each) for key, each in whole.items()}

    some = RULE.judge(partly).verdicts

    assert {key: each.verdict for key, each in some.items()} == {
        key: each.verdict for key, each in RULE.judge(whole).verdicts.items()
    }


def test_a_test_alone_is_judged_as_in_its_suite() -> None:
    """One key at a time has no others to borrow strength from, and needs none."""
    whole = regressed(suite(60), 1.25, keys={f"test_{number}" for number in range(30)})
    together = RULE.judge(whole).verdicts

    alone = {key: judge(each).verdict for key, each in whole.items()}

    same = sum(alone[key] == each.verdict for key, each in together.items())
    assert same >= 58


@given(st.integers(0, 500), st.floats(1e-3, 1e6), st.sampled_from([1.0, 1.1, 1.3]))
@settings(max_examples=50, deadline=None)
def test_the_unit_does_not_matter(seed: int, unit: float, factor: float) -> None:
    """Milliseconds or hours."""
    timings = slower(unchanged(seed), factor)
    scaled = Timings(
        *(
            tuple(each + log(unit) for each in group if each is not None)
            for group in (timings.baseline, timings.candidate, timings.confirm)
        )
    )

    assert judge(scaled).verdict is judge(timings).verdict


@given(st.integers(0, 500), st.sampled_from([1.0, 1.1, 1.3]), st.randoms(use_true_random=False))
@settings(max_examples=50, deadline=None)
def test_the_order_of_runs_does_not_matter(seed: int, factor: float, random: Random) -> None:
    """Each is one of a kind."""
    timings = slower(unchanged(seed), factor)
    baseline, confirm = list(timings.baseline), list(timings.confirm)
    random.shuffle(baseline)
    random.shuffle(confirm)
    shuffled = replace(timings, baseline=tuple(baseline), confirm=tuple(confirm))

    assert judge(shuffled).verdict is judge(timings).verdict


def heavy_tailed(seed: int) -> Timings:
    """A test whose processes scatter by their own measure, one in ten far off."""
    random = Random(seed)
    scale = 0.015 * 2 ** random.gauss(0, 1.3)

    def one() -> float:
        stray = random.random() < 0.1
        return log(100) + random.gauss(0, scale) + stray * random.uniform(0.05, 0.5)

    return Timings(tuple(one() for _ in range(5)), (one(),), tuple(one() for _ in range(4)))


def test_false_alarms_are_rare() -> None:
    """0.05 % are promised, with fresh runs or without: at most 2 of 4,000."""
    alarms: Counter[bool] = Counter()
    for start in range(0, 4000, 100):
        tests = {str(seed): heavy_tailed(seed) for seed in range(start, start + 100)}
        for is_fresh in (True, False):
            told = tests if is_fresh else {key: unconfirmed(each) for key, each in tests.items()}
            verdicts = RULE.judge(told).verdicts.values()
            alarms[is_fresh] += sum(each.verdict is Verdict.FAIL for each in verdicts)

    assert max(alarms.values()) <= 2


def test_duplicated_runs_are_taken_as_they_come() -> None:
    """The same run twice looks surer than it is, so that only the margin protects."""
    verdict = judge(Timings(STEADY * 2, runs(104), runs(104, 104, 104, 104)))

    assert verdict.verdict is Verdict.PASS


@pytest.mark.parametrize(
    "samples", [[], [0.0], [1.0, -1.0], [float("nan"), 1.0], [float("inf"), 1.0]]
)
def test_a_run_that_is_no_measurement_has_no_figure(samples: list[float]) -> None:
    """Unknown is None, never 0."""
    assert run_figure(samples) is None


def test_one_sample_is_a_figure() -> None:
    """A run of one call."""
    assert run_figure([100.0]) == log(100)
