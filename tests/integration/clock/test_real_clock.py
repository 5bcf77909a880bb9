"""How exact the real clock is. Timing is the feature: bounds are for a busy machine."""

from __future__ import annotations

from statistics import median, quantiles
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from understudy.clock import RealClock

LINES, PER_LINE, ANSWERS = 12, 0.01, 20


def lateness(began: float, moments: list[float]) -> list[float]:
    """Return how many seconds each line came after its moment."""
    return [moment - (began + number * PER_LINE) for number, moment in enumerate(moments, 1)]


def sync_answers(clock: RealClock) -> list[list[float]]:
    """Play answers in a thread."""
    answers = []
    for _ in range(ANSWERS):
        began, moments = clock.now(), []
        for number in range(1, LINES + 1):
            clock.sleep_until(began + number * PER_LINE)
            moments.append(clock.now())
        answers.append(lateness(began, moments))
    return answers


async def async_answers(clock: RealClock) -> list[list[float]]:
    """Play answers in a task."""
    answers = []
    for _ in range(ANSWERS):
        began, moments = clock.now(), []
        for number in range(1, LINES + 1):
            await clock.async_sleep_until(began + number * PER_LINE)
            moments.append(clock.now())
        answers.append(lateness(began, moments))
    return answers


def judge(answers: list[list[float]]) -> None:
    """Timelines are never early, hardly late, and the last ones no later than the first."""
    late = [one for answer in answers for one in answer]
    drifts = [answer[-1] - answer[0] for answer in answers]
    assert min(late) >= 0
    assert median(late) <= 0.001
    assert quantiles(late, n=20)[-1] <= 0.02
    assert abs(median(drifts)) <= 0.001


@pytest.mark.flaky(reruns=3)
def test_threads_wait_exactly(real: RealClock) -> None:
    """Errors do not add up over the lines of an answer."""
    judge(sync_answers(real))


@pytest.mark.flaky(reruns=3)
async def test_tasks_wait_exactly(real: RealClock) -> None:
    """The loop's own ticks are a millisecond; what is left is waited for."""
    judge(await async_answers(real))
