"""All tests became slower as one."""

from __future__ import annotations

import pytest

from understudy.gates import Verdict
from understudy.gates.noisy import NoisyRule, Timings

from .timings_of_suites import regressed, suite, unchanged, unconfirmed

RULE = NoisyRule()


def noisy_suite() -> dict[str, Timings]:
    """Twenty steady tests and twenty that no rule can decide."""
    noisy = {f"noisy_{number}": unchanged(900 + number, between=0.3) for number in range(20)}
    return suite(20) | noisy


def test_an_unchanged_suite_has_not_moved() -> None:
    """No verdict says so."""
    report = RULE.judge(suite())

    assert report.suite is None
    assert not report.fails()


def test_a_suite_that_is_slower_as_a_whole_is_red() -> None:
    """Tests that fail on their own do; those beyond the margin that cannot are told apart."""
    report = RULE.judge(regressed(noisy_suite(), 1.3))

    assert report.suite is not None
    assert report.suite.is_slower
    assert report.suite.ratio == pytest.approx(1.3, abs=0.08)
    verdicts = {key: each.verdict for key, each in report.verdicts.items()}
    assert all(verdicts[f"test_{number}"] is Verdict.FAIL for number in range(20))
    assert Verdict.SUITE_SHIFT in verdicts.values()
    assert report.fails()


def test_it_is_red_before_anything_was_run_again() -> None:
    """The flagged are still to be rerun, but the run as a whole has failed."""
    slow = regressed(suite(), 1.3)

    report = RULE.judge({key: unconfirmed(each) for key, each in slow.items()})

    assert report.suite is not None
    assert report.fails()
    assert len(report.flagged) == 100
    assert {each.verdict for each in report.verdicts.values()} == {Verdict.INCONCLUSIVE}


def test_fresh_runs_of_the_suite_must_agree() -> None:
    """The machine was busy during the candidate run only."""
    calm = suite()
    slow = regressed(calm, 1.3)
    mixed = {
        key: Timings(each.baseline, each.candidate, calm[key].confirm) for key, each in slow.items()
    }

    report = RULE.judge(mixed)

    assert report.suite is None
    assert not report.fails()


def test_a_minority_that_regresses_is_no_shift() -> None:
    """The median test stays where it was."""
    keys = {f"test_{number}" for number in range(40)}

    assert RULE.judge(regressed(suite(), 1.5, keys=keys)).suite is None


def test_a_few_tests_are_no_suite() -> None:
    """Nine that regress are nine regressions."""
    report = RULE.judge(regressed(suite(9), 1.5))

    assert report.suite is None
    assert {each.verdict for each in report.verdicts.values()} == {Verdict.FAIL}


def test_a_faster_suite_is_told_and_green() -> None:
    """Another machine may hide regressions, so that it is worth a word."""
    report = RULE.judge(regressed(suite(), 0.7))

    assert report.suite is not None
    assert not report.suite.is_slower
    assert not report.fails()


def test_tests_with_fewer_runs_take_part() -> None:
    """Runs are lined up from the newest; one that most tests lack is no run of the suite."""
    young = {f"young_{number}": unchanged(500 + number, runs=3) for number in range(30)}

    report = RULE.judge(regressed(suite(20) | young, 1.3))

    assert report.suite is not None
