"""How exact the real clock is: timing is the feature, beside what plain sleeping gives."""

from __future__ import annotations

import asyncio
import time
from statistics import median, quantiles
from typing import TYPE_CHECKING, TypeAlias

import pytest

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from understudy.clock import RealClock

#: How many seconds late each line of each answer came.
Answers: TypeAlias = "list[list[float]]"
Waiting: TypeAlias = "Callable[[float], Awaitable[None]]"

LINES, PER_LINE, ANSWERS = 10, 0.01, 8


def lateness(began: float, moments: list[float]) -> list[float]:
    """Return how many seconds each line came after its moment."""
    return [moment - (began + number * PER_LINE) for number, moment in enumerate(moments, 1)]


async def answer(sleep_until: Waiting, clock: RealClock) -> list[float]:
    """Play an answer; return how many seconds late each line came."""
    began, moments = clock.now(), []
    for number in range(1, LINES + 1):
        await sleep_until(began + number * PER_LINE)
        moments.append(clock.now())
    return lateness(began, moments)


async def answers(exactly: Waiting, plainly: Waiting, clock: RealClock) -> tuple[Answers, Answers]:
    """Play answers both ways, in turns: the machine is as busy for one as for the other."""
    pairs = [(await answer(exactly, clock), await answer(plainly, clock)) for _ in range(ANSWERS)]
    return [exact for exact, _ in pairs], [plain for _, plain in pairs]


def judge(played: Answers, plain: Answers) -> None:
    """Timelines are never early, hardly late, and the last lines no later than the first.

    A busy machine wakes everybody late, whoever sleeps `plain` on it as well.
    """
    late = [one for answer in played for one in answer]
    busy = [max(one, 0.0) for answer in plain for one in answer]
    drifts = [answer[-1] - answer[0] for answer in played]
    assert min(late) >= 0
    assert median(late) <= 0.001 + 2 * median(busy)
    assert quantiles(late, n=20)[-1] <= 0.02 + 2 * quantiles(busy, n=20)[-1]
    assert abs(median(drifts)) <= 0.001 + 2 * median(busy)


@pytest.mark.flaky(reruns=3)
async def test_threads_wait_exactly(real: RealClock) -> None:
    """Errors do not add up over the lines of an answer."""

    async def exactly(moment: float) -> None:
        real.sleep_until(moment)

    async def plainly(moment: float) -> None:
        time.sleep(max(moment - real.now(), 0))

    judge(*await answers(exactly, plainly, real))


@pytest.mark.flaky(reruns=3)
async def test_tasks_wait_exactly(real: RealClock) -> None:
    """The loop's own ticks are a millisecond; what is left is waited for."""

    async def plainly(moment: float) -> None:
        await asyncio.sleep(max(moment - real.now(), 0))

    judge(*await answers(real.async_sleep_until, plainly, real))
