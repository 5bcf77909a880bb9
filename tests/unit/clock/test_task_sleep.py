"""Waiting for a moment inside a task: of asyncio's loop, or under trio."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Any

import pytest

from understudy.clock._task_sleep import wait_for_loop_time

if TYPE_CHECKING:
    from collections.abc import Callable

    from understudy.clock import RealClock, VirtualClock


async def test_the_loop_is_at_the_moment(virtual: VirtualClock) -> None:
    """Exactly, with no delay added to a time that has moved on."""
    loop = asyncio.get_running_loop()
    moment = loop.time() + 1.5

    await wait_for_loop_time(loop, moment)

    assert loop.time() == moment


async def test_who_gives_up_leaves_no_timer(virtual: VirtualClock) -> None:
    """A cancelled stream does not keep the loop busy."""
    loop: Any = asyncio.get_running_loop()
    waiting = asyncio.ensure_future(wait_for_loop_time(loop, loop.time() + 60))
    await asyncio.sleep(0)

    waiting.cancel()
    await asyncio.wait([waiting])

    assert all(timer.cancelled() for timer in loop._scheduled)


async def test_cancelling_at_the_very_moment_is_cancelling(virtual: VirtualClock) -> None:
    """The timer finds the future cancelled and leaves it so."""
    loop = asyncio.get_running_loop()
    moment = loop.time() + 1
    waiting = asyncio.ensure_future(wait_for_loop_time(loop, moment))
    loop.call_at(moment, waiting.cancel)

    await asyncio.wait([waiting])

    assert waiting.cancelled()


trio = pytest.importorskip("trio")
testing = pytest.importorskip("trio.testing")


def run(main: Callable[[], Any]) -> Any:
    """Run `main` on trio's clock that jumps."""
    return trio.run(main, clock=testing.MockClock(autojump_threshold=0))


def test_sleeping_is_trios(virtual: VirtualClock) -> None:
    """Side by side, and in no time."""
    ends: list[float] = []
    began = virtual.now()

    async def sleep(seconds: float) -> None:
        await virtual.async_sleep(seconds)
        ends.append(virtual.now() - began)

    async def main() -> None:
        async with trio.open_nursery() as nursery:
            nursery.start_soon(sleep, 2)
            nursery.start_soon(sleep, 1)

    run(main)

    assert ends == pytest.approx([1, 2])


def test_what_sdks_sleep_is_seen(virtual: VirtualClock) -> None:
    """Their back-off is `trio.sleep` in the end."""

    async def main() -> tuple[float, float]:
        began, counted = virtual.now(), time.perf_counter()
        await trio.sleep(30)
        return virtual.now() - began, time.perf_counter() - counted

    assert run(main) == pytest.approx((30, 30))


def test_a_moment_that_has_passed_is_not_waited_for(virtual: VirtualClock) -> None:
    """As everywhere."""

    async def main() -> float:
        before = virtual.now()
        await virtual.async_sleep_until(before - 1)
        return virtual.now() - before

    assert run(main) == 0


def test_two_runs_follow_each_other(virtual: VirtualClock) -> None:
    """Each begins where the thread is, whatever trio's clock says."""

    async def main() -> float:
        before = virtual.now()
        await virtual.async_sleep(5)
        return virtual.now() - before

    began = virtual.now()

    assert [run(main), run(main)] == pytest.approx([5, 5])
    assert virtual.now() - began == pytest.approx(10)


def test_the_real_clock_sleeps_too(real: RealClock) -> None:
    """On trio's own clock, which is real by default."""

    async def main() -> float:
        began = real.now()
        await real.async_sleep(0.005)
        return real.now() - began

    assert trio.run(main) >= 0.005
