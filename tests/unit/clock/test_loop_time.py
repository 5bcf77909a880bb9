"""When the time of an event loop moves, and when it stands still."""

from __future__ import annotations

import asyncio
import math
import time
from typing import TYPE_CHECKING, Any

import pytest

from understudy.clock import RealClock, VirtualClock

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable


async def timed(clock: VirtualClock, waiting: Awaitable[Any]) -> float:
    """Return how many simulated seconds something took."""
    began = clock.now()
    await waiting
    return clock.now() - began


async def test_a_thread_job_takes_no_simulated_time(virtual: VirtualClock, real: RealClock) -> None:
    """A `wait_for` of 5 s around 50 ms of real work does not fire."""
    lasted = await timed(virtual, asyncio.wait_for(asyncio.to_thread(real.sleep, 0.05), 5))

    assert lasted == 0


async def test_a_job_that_sleeps_simulated_time_takes_it(
    virtual: VirtualClock, real: RealClock
) -> None:
    """And none of the real one."""
    began = real.now()

    lasted = await timed(virtual, asyncio.to_thread(time.sleep, 30))

    assert lasted == 30
    assert real.now() - began < 5


async def test_a_job_is_limited_by_the_timeout_around_it(virtual: VirtualClock) -> None:
    """Both are on the same clock."""
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(asyncio.to_thread(time.sleep, 30), 5)


async def test_timers_beside_a_job_fire_at_their_own_moments(virtual: VirtualClock) -> None:
    """A job that ends later in simulated time does not drag them along."""
    lasted = await asyncio.gather(
        timed(virtual, asyncio.to_thread(time.sleep, 10)),
        timed(virtual, asyncio.sleep(4.35)),
    )

    assert lasted == pytest.approx([10, 4.35])


async def test_timers_wait_for_new_work(virtual: VirtualClock, real: RealClock) -> None:
    """The order of what happens does not depend on the machine."""
    order: list[str] = []

    async def work() -> None:
        await asyncio.to_thread(real.sleep, 0.05)
        order.append("work")

    async def tick() -> None:
        await asyncio.sleep(0.001)
        order.append("tick")

    await asyncio.gather(work(), tick())

    assert order == ["work", "tick"]


@pytest.fixture
def impatient() -> VirtualClock:
    """A clock that lets time pass beside real work after 20 ms."""
    return VirtualClock(patience=0.02)


async def test_work_that_never_ends_lets_time_pass_at_the_real_pace(
    impatient: VirtualClock, real: RealClock
) -> None:
    """A timeout around it fires, after its own time."""
    with impatient.running():
        job = asyncio.ensure_future(asyncio.to_thread(real.sleep, 0.3))
        began = real.now()
        lasted = await timed(impatient, asyncio.sleep(0.1))
        waited = real.now() - began

        assert lasted == pytest.approx(0.1)
        assert waited >= 0.1
        assert impatient.waited >= 0.1
        await job


async def test_work_that_always_begins_anew_does_not_stop_time(
    impatient: VirtualClock, real: RealClock
) -> None:
    """A loop of jobs in the background must not starve the timers."""
    with impatient.running():

        async def work_on() -> None:
            while True:
                await asyncio.to_thread(real.sleep, 0.005)

        working = asyncio.ensure_future(work_on())
        await asyncio.sleep(0.05)
        working.cancel()
        await asyncio.wait([working])


async def test_work_that_was_given_up_does_not_hold_time(
    virtual: VirtualClock, real: RealClock
) -> None:
    """Nobody waits for it any more."""
    job = asyncio.ensure_future(asyncio.to_thread(real.sleep, 0.3))
    await asyncio.sleep(0)
    job.cancel()
    await asyncio.wait([job])
    began = real.now()

    await asyncio.sleep(1000)

    assert real.now() - began < 0.3


@pytest.mark.parametrize("moment", [1e3, 1e6, 2.0**24, 2.0**30])
@pytest.mark.parametrize("wait", [1e-9, 0.15, 1 / 3, 86400 * 400])
def test_every_timer_fires_however_long_the_machine_is_up(moment: float, wait: float) -> None:
    """Beyond half a year of uptime asyncio's own resolution is lost in the rounding."""
    real_now = time.monotonic()
    clock = VirtualClock()
    clock._lines.start = moment
    clock._lines._latest = moment

    with clock.running():
        began = clock.now()
        asyncio.run(asyncio.sleep(wait))
        lasted = clock.now() - began

    rounding = math.ulp(max(moment + wait, real_now))  # the loop counts from this machine's start
    assert lasted == pytest.approx(wait, rel=1e-9, abs=4 * rounding)


def test_delays_are_exact_to_the_microsecond() -> None:
    """Wherever on the scale the clock stands."""
    clock = VirtualClock()

    async def lines(call: Callable[[], float]) -> list[int]:
        began, seen = call(), []
        for number in range(20):
            await clock.async_sleep_until(began + 1.5 + number * 0.15)
            seen.append(round((call() - began) * 1e6))
        return seen

    with clock.running():
        for _ in range(50):
            clock.advance(1 / 3)
            assert asyncio.run(lines(clock.now)) == [1_500_000 + n * 150_000 for n in range(20)]
