"""The noisy rule on real noise: many processes of unchanged code, which is what it is for."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

import pytest
from benchmarks._same_code import draw, read_same_code

from understudy.gates import Verdict
from understudy.gates.noisy import NoisyRule, Timings, run_figure

if TYPE_CHECKING:
    from benchmarks._same_code import Processes

SUITES = 25


@pytest.fixture(scope="module")
def same_code() -> list[Processes]:
    """Samples of each process of each test."""
    found = read_same_code()
    if found is None:
        pytest.skip("no timings of unchanged code on this machine")
    return found


def failing(same_code: list[Processes], factor: float, *, confirmed: bool = True) -> float:
    """Return the share of tests that fail, all of them slower by the factor."""
    random = Random(20)
    failed = 0
    for _ in range(SUITES):
        tests = [draw(processes, random).slower(factor) for processes in same_code]
        timings = {
            str(number): Timings(
                tuple(map(run_figure, test.baseline)),
                (run_figure(test.candidate),),
                tuple(map(run_figure, test.confirm)) if confirmed else (),
            )
            for number, test in enumerate(tests)
        }
        verdicts = NoisyRule().judge(timings).verdicts.values()
        failed += sum(each.verdict is Verdict.FAIL for each in verdicts)
    return failed / (SUITES * len(same_code))


@pytest.mark.parametrize("confirmed", [True, False], ids=["fresh runs", "outright"])
def test_unchanged_code_hardly_ever_fails(
    same_code: list[Processes],
    confirmed: bool,  # noqa: FBT001 - a case's value
) -> None:
    """At most 0.05 % of the tests."""
    assert failing(same_code, 1.0, confirmed=confirmed) <= 0.0005


@pytest.mark.parametrize(("factor", "least"), [(1.1, 0.55), (1.2, 0.8), (1.5, 0.93)])
def test_regressions_are_found(same_code: list[Processes], factor: float, least: float) -> None:
    """Of 10, 20 and 50 %: so many of them at least."""
    assert failing(same_code, factor) >= least
