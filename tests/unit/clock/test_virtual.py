"""Simulated time."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

import pytest

from understudy.clock import Clock, ClockError, RealClock, VirtualClock

if TYPE_CHECKING:
    from collections.abc import Callable


def test_it_is_a_clock() -> None:
    """Whoever asks for a clock can be given one."""
    clock: Clock = VirtualClock()

    assert clock.name == "virtual"


def test_the_wall_stays_real(virtual: VirtualClock, real: RealClock) -> None:
    """What is stored is when it happened."""
    time.sleep(86400)

    assert virtual.wall() == pytest.approx(real.wall(), abs=60)


def test_the_time_is_what_the_application_is_told(virtual: VirtualClock) -> None:
    """A date in a `Retry-After` has to be on it."""
    time.sleep(86400)

    assert virtual.time() == time.time()


def test_advancing_lets_time_pass(virtual: VirtualClock) -> None:
    """Without anybody sleeping."""
    before = virtual.now()

    virtual.advance(2.5)

    assert virtual.now() == before + 2.5


async def test_advancing_fires_timers_at_the_next_turn(virtual: VirtualClock) -> None:
    """As if the test had been busy for so long."""
    fired = asyncio.Event()
    asyncio.get_running_loop().call_later(10, fired.set)

    virtual.advance(10)
    await asyncio.sleep(0)
    await asyncio.sleep(0)

    assert fired.is_set()


@pytest.mark.parametrize("seconds", [-1, float("nan")])
@pytest.mark.parametrize("way", ["advance", "sleep"])
def test_time_only_passes_forwards(virtual: VirtualClock, way: str, seconds: float) -> None:
    """A wrong delay is a mistake somewhere."""
    wait: Callable[[float], None] = getattr(virtual, way)

    with pytest.raises(ValueError, match="forwards"):
        wait(seconds)


async def test_time_only_passes_forwards_in_tasks(virtual: VirtualClock) -> None:
    """The same there."""
    with pytest.raises(ValueError, match="forwards"):
        await virtual.async_sleep(-1)


def test_sleeping_until_a_moment_reaches_it_exactly(virtual: VirtualClock) -> None:
    """No rounding on the way."""
    moment = virtual.now() + 1 / 3

    virtual.sleep_until(moment)

    assert virtual.now() == moment


async def test_a_task_that_sleeps_until_a_moment_reaches_it_exactly(virtual: VirtualClock) -> None:
    """No rounding on the way."""
    moment = virtual.now() + 1 / 3

    await virtual.async_sleep_until(moment)

    assert virtual.now() == moment


async def test_a_moment_that_has_passed_is_not_waited_for(virtual: VirtualClock) -> None:
    """Nor does time go back."""
    before = virtual.now()

    virtual.sleep_until(before - 5)
    await virtual.async_sleep_until(before - 5)

    assert virtual.now() == before


async def test_a_clock_that_does_not_run_keeps_no_task_waiting() -> None:
    """Its loop is on real time."""
    with pytest.raises(ClockError, match=r"clock\.running\(\)"):
        await VirtualClock().async_sleep(1)


def test_running_twice_is_running_once() -> None:
    """The inner end ends nothing."""
    clock, sleep = VirtualClock(), time.sleep

    with clock.running():
        with clock.running():
            inner = time.sleep
        assert time.sleep is inner
        assert clock.is_running

    assert time.sleep is sleep
    assert not clock.is_running


def test_a_second_clock_is_refused(virtual: VirtualClock) -> None:
    """And the first one goes on."""
    before = virtual.now()

    with pytest.raises(ClockError, match="another virtual clock"), VirtualClock().running():
        pass
    time.sleep(1)

    assert virtual.now() == before + 1


def test_it_stops_when_the_test_fails() -> None:
    """Nothing of it is left for the next one."""
    clock, sleep = VirtualClock(), time.sleep

    with pytest.raises(KeyboardInterrupt), clock.running():
        raise KeyboardInterrupt

    assert time.sleep is sleep


def test_it_goes_on_from_where_it_stood() -> None:
    """What the session noted in one test is not in the future of the next."""
    clock = VirtualClock()
    with clock.running():
        time.sleep(3600)
        before = clock.now()

    with clock.running():
        assert clock.now() >= before


def test_packages_can_be_named_that_keep_real_time(real: RealClock) -> None:
    """A driver that nobody heard of."""
    clock = VirtualClock(real_time_for=["tests"])

    with clock.running():
        before = clock.now()
        time.sleep(0.001)

        assert clock.now() == before


async def test_telling_real_work_needs_a_loop_that_can_be_moved(virtual: VirtualClock) -> None:
    """It counts only inside."""
    with virtual.real_work():
        pass
    before = virtual.now()

    await asyncio.sleep(10)

    assert virtual.now() - before == pytest.approx(10)


def test_the_time_of_day_may_be_frozen_by_somebody_else(
    virtual: VirtualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Over ours: that is what the code under test is told."""
    monkeypatch.setattr(time, "time", lambda: 1_500_000_000.0)

    assert virtual.time() == 1_500_000_000
