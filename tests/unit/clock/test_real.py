"""The time of the machine."""

from __future__ import annotations

import asyncio
import sys
import time
from datetime import timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from understudy.clock import Clock, ClockError, RealClock, VirtualClock, _machine, utc_now

if TYPE_CHECKING:
    from collections.abc import Callable


def test_it_is_a_clock(real: RealClock) -> None:
    """Whoever asks for a clock can be given one."""
    clock: Clock = real

    assert clock.name == "real"


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [("now", time.perf_counter), ("time", time.time)],
)
def test_it_tells_what_the_machine_tells(
    real: RealClock, ours: str, theirs: Callable[[], float]
) -> None:
    """On the scales of the `time` module."""
    assert theirs() <= getattr(real, ours)() <= theirs()


def test_the_time_of_day_is_the_machines_under_every_clock() -> None:
    """What is dated is dated truly, also where a test simulates its time."""
    clock = VirtualClock()
    clock.advance(86_400)

    moment = utc_now()

    assert moment.timestamp() == pytest.approx(time.time(), abs=1)
    assert clock.wall() == pytest.approx(time.time(), abs=1)
    assert moment.utcoffset() == timedelta(0)


def test_a_program_that_slept_with_its_machine_knows_the_time_of_day(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What it stores in the morning is not of the evening."""
    asleep = iter([5.0, 5.0, 28_805.0])
    monkeypatch.setattr(_machine, "seconds_asleep", lambda: next(asleep))
    wall = _machine._anchored()

    assert wall() == pytest.approx(time.time(), abs=60)
    assert wall() == pytest.approx(time.time() + 28_800, abs=60)


def test_who_moves_time_of_day_does_not_move_what_is_stored(
    real: RealClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Like freezegun: it puts its own function wherever a module has a name for one of these."""
    began = time.time()
    for name in ("time", "monotonic", "perf_counter"):
        monkeypatch.setattr(_machine, name, lambda: 1_893_456_000.0)

    assert utc_now().timestamp() == pytest.approx(began, abs=5)
    assert real.wall() == pytest.approx(began, abs=5)


def test_a_traveller_that_was_on_its_way_before_us_is_asked_for_the_real_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A conftest may begin to travel before anything of ours is loaded."""
    clock = SimpleNamespace(time=lambda: 1_234.5)
    stand_in = SimpleNamespace(escape_hatch=SimpleNamespace(time=clock))
    monkeypatch.setitem(sys.modules, "time_machine", stand_in)

    assert _machine._anchored()() == pytest.approx(1_234.5, abs=5)


@pytest.mark.parametrize("delay", [0.0005, 0.004])
def test_it_never_returns_early(real: RealClock, delay: float) -> None:
    """A first word before the think time is over would be wrong."""
    moment = real.now() + delay

    real.sleep_until(moment)

    assert real.now() >= moment


@pytest.mark.parametrize("delay", [0.0005, 0.004])
async def test_a_task_never_returns_early(real: RealClock, delay: float) -> None:
    """The loop is asked for less, the rest is waited for."""
    moment = real.now() + delay

    await real.async_sleep_until(moment)

    assert real.now() >= moment


async def test_delays_are_waited_for(real: RealClock) -> None:
    """Both ways."""
    began = real.now()

    real.sleep(0.003)
    await real.async_sleep(0.003)

    assert real.now() - began >= 0.006


async def test_a_moment_that_has_passed_is_not_waited_for(real: RealClock) -> None:
    """Not even for a turn of the loop."""
    turns: list[int] = []
    asyncio.get_running_loop().call_soon(turns.append, 1)

    real.sleep_until(real.now() - 1)
    await real.async_sleep_until(real.now() - 1)

    assert turns == []


async def test_other_tasks_go_on_while_one_waits(real: RealClock) -> None:
    """Also in the last millisecond, which does not pass in the loop."""
    turns = 0

    async def turn() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    turning = asyncio.ensure_future(turn())
    await real.async_sleep(0.001)
    turning.cancel()

    assert turns >= 1


def test_it_stays_real_beside_a_virtual_one(real: RealClock) -> None:
    """The harness measures with it."""
    began = real.now()

    with VirtualClock().running():
        time.sleep(3600)
        real.sleep(0.002)

    assert 0.002 <= real.now() - began < 60


def test_it_cannot_be_advanced(real: RealClock) -> None:
    """The message says what can."""
    with pytest.raises(ClockError, match="--llm-clock=virtual"):
        real.advance(5)


def test_the_time_of_day_is_what_the_code_under_test_is_told(
    real: RealClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A frozen one, as freezegun freezes it."""
    monkeypatch.setattr(time, "time", lambda: 1_500_000_000.0)

    assert real.time() == 1_500_000_000
