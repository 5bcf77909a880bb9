"""The rule that tells a slower model from noise."""

from __future__ import annotations

from math import exp, log, sqrt
from random import Random
from statistics import fmean, variance
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.analytics.efficiency.histories import DAY, NOON, Answer, summed

from understudy.analytics.efficiency import Comparison, compare

if TYPE_CHECKING:
    from collections.abc import Sequence

NOISE = [20.0 * exp(0.05 * ((number * 7) % 11 - 5)) for number in range(100)]


def before(each_ms: Sequence[float] = NOISE, *, days: int = 4, tokens: int = 100) -> list[Answer]:
    """Answers on days of which the last one is two days ago, in one run."""
    return [
        Answer(tokens, ms, NOON - (2 + number % days) * DAY) for number, ms in enumerate(each_ms)
    ]


def now(each_ms: Sequence[float], *, tokens: int = 100, run_id: str = "run") -> list[Answer]:
    """Answers of the last 24 hours."""
    return [Answer(tokens, ms, run_id=run_id) for ms in each_ms]


def compared(recent: list[Answer], past: list[Answer]) -> Comparison:
    """Compare answers."""
    return compare(summed(recent, by_run=True), summed(past, by_run=True))


def slower(factor: float, number: int = 20) -> list[float]:
    """As fast as before, times a factor."""
    return [factor * ms for ms in NOISE[:number]]


@pytest.mark.parametrize(("factor", "has_fallen"), [(1.0, 0), (1.18, 0), (1.3, 1)])
def test_more_than_a_fifth_slower_is_a_fall(factor: float, has_fallen: int) -> None:
    """With noise that cannot explain it."""
    found = compared(now(slower(factor)), before())

    assert found.ratio == pytest.approx(factor, rel=0.06)
    assert found.has_fallen == has_fallen


def test_a_fall_that_may_be_noise_is_none() -> None:
    """Half as slow again on average, but all over the place."""
    wild = [20.0 * exp(2 * (number % 2) - 0.7) for number in range(20)]

    found = compared(now(wild), before())

    assert found.ratio is not None
    assert found.ratio > 1.3
    assert not found.has_fallen


@pytest.mark.parametrize(
    ("recent", "past", "what"),
    [
        (now(slower(2, 19)), before(), "19 requests"),
        (now(slower(2), tokens=99), before(tokens=99), "1,980 tokens in a day"),
        (now(slower(2)), before(NOISE[:99]), "99 requests on 4 days"),
        (now(slower(2)), before(days=2), "100 requests on 2 days"),
        (now(slower(2), tokens=600), before(), "of answers as long as those before: 0 requests"),
        ([], before(), "0 requests"),
        (now(slower(2)), [], "0 requests on 0 days before"),
    ],
)
def test_too_little_is_not_enough(recent: list[Answer], past: list[Answer], what: str) -> None:
    """Nothing is said of it, however slow it looks; answers of another length do not count."""
    found = compared(recent, past)

    assert (found.ratio, found.has_fallen, found.is_cleared) == (None, False, False)
    assert found.lacking is not None
    assert what in found.lacking


def test_shorter_answers_are_no_slower_model() -> None:
    """Of 200 ms and 20 a token, a prompt change alone would look like a fall of half."""

    def answers(lengths: dict[int, int], days: int) -> list[Answer]:
        return [
            Answer(length, 20 + 200 / length, NOON - (days * (2 + number % 3)) * DAY)
            for length, often in lengths.items()
            for number in range(often)
        ]

    usual = answers({10: 40, 600: 80}, days=1)
    found = compared(answers({10: 60, 600: 10}, days=0), usual)

    assert found.ratio == pytest.approx(1)


def shared_load(factor: float, rng: Random) -> list[Answer]:
    """Return a run of 20 requests whose machine is as busy as it happens to be."""
    load = factor * rng.lognormvariate(0, 0.2)
    return now([load * ms for ms in NOISE[:20]], run_id=str(rng.random()))


def runs_before(rng: Random) -> list[Answer]:
    """Return twelve such runs on six days."""
    return [
        each._replace(ts=NOON - (2 + number % 6) * DAY)
        for number in range(12)
        for each in shared_load(1, rng)
    ]


def test_a_run_counts_as_one_figure() -> None:
    """Its requests share the load of a machine: twenty of them are no twenty proofs."""
    rng = Random(1)
    past = runs_before(rng)
    busy = now(slower(1.35))

    by_runs = compared(busy, past)
    by_requests = compared(busy, [each._replace(run_id="one") for each in past])

    assert by_requests.has_fallen
    assert by_runs.ratio is not None
    assert by_runs.ratio > 1.2
    assert not by_runs.has_fallen


def test_requests_that_share_a_load_give_no_false_alarms() -> None:
    """Nothing changed in 60 runs, and none of them says so."""
    rng = Random(2)

    alarms = [compared(shared_load(1, rng), runs_before(rng)).has_fallen for _ in range(60)]

    assert sum(alarms) == 0


values = st.lists(st.floats(1.0, 1e3), min_size=20, max_size=40)


@settings(max_examples=25)
@given(values, st.lists(st.floats(1.0, 1e3), min_size=100, max_size=120))
def test_the_figures_are_those_of_welch(recent: list[float], past: list[float]) -> None:
    """The mean of the logarithms, and 2.6 standard errors below it."""
    found = compared(now(recent), before(past))

    mine, theirs = list(map(log, recent)), list(map(log, past))
    difference = fmean(mine) - fmean(theirs)
    error = sqrt(variance(mine) / len(mine) + variance(theirs) / len(theirs))
    assert found.ratio == pytest.approx(exp(difference))
    assert found.lower == pytest.approx(exp(difference - 2.6 * error), rel=1e-6)


def test_answers_that_took_no_time_are_left_out() -> None:
    """They have no logarithm, and too few of the others are not enough."""
    found = compared(now([0.0] * 15 + slower(2, 19)), before())

    assert found.lacking is not None


def test_times_without_measure_are_no_fault() -> None:
    """What is told may be anything; the ratio ends where numbers do."""
    past = [1e-300 * ms for ms in NOISE]

    found = compared(now([1e300 * ms for ms in NOISE[:20]], tokens=101), before(past))

    assert found.has_fallen
