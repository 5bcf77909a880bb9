"""Event loops on a virtual clock."""

from __future__ import annotations

import asyncio
import sys
import time
from asyncio import BaseEventLoop
from concurrent.futures import Future
from threading import Thread
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pytest

from understudy.clock import ClockError, RealClock, VirtualClock

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def uvloop(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A module of that name with a loop that notes its runs."""

    class Loop:
        runs = 0

        def run_forever(self) -> None:
            self.runs += 1

    module: Any = ModuleType("uvloop")
    module.Loop = Loop
    monkeypatch.setitem(sys.modules, "uvloop", module)
    return module


def test_such_a_loop_does_not_start(uvloop: Any) -> None:
    """The message says what to do."""
    loop = uvloop.Loop()

    with VirtualClock().running(), pytest.raises(ClockError, match="--llm-clock=real"):
        loop.run_forever()

    assert loop.runs == 0


def test_it_starts_again_afterwards(uvloop: Any) -> None:
    """The method is its own."""
    loop = uvloop.Loop()
    with VirtualClock().running():
        pass

    loop.run_forever()

    assert loop.runs == 1


async def call(seconds: float = 4.35) -> float:
    """Take some seconds; return how long it took."""
    began = time.monotonic()
    await asyncio.sleep(seconds)
    return round((time.monotonic() - began) * 1e6)


@pytest.fixture
def background() -> Iterator[asyncio.AbstractEventLoop]:
    """A loop that runs in another thread."""
    loop = asyncio.new_event_loop()
    thread = Thread(target=loop.run_forever)
    thread.start()
    yield loop
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


async def test_twenty_calls_take_as_long_as_one(virtual: VirtualClock, real: RealClock) -> None:
    """To the microsecond, and in no time."""
    began, started = virtual.now(), real.now()

    lasted = await asyncio.gather(*[call() for _ in range(20)])

    assert set(lasted) == {4_350_000}
    assert round((virtual.now() - began) * 1e6) == 4_350_000
    assert real.now() - started < virtual.now() - began


async def test_all_clocks_of_a_task_agree(virtual: VirtualClock) -> None:
    """The loop's, the module's and ours."""
    await asyncio.sleep(12)

    assert asyncio.get_running_loop().time() == time.monotonic() == virtual.now()


async def test_what_is_shorter_wins(virtual: VirtualClock) -> None:
    """Timeouts are on the same clock as what they limit."""
    began = virtual.now()

    with pytest.raises(TimeoutError):
        await asyncio.wait_for(call(10), 5)
    async with asyncio.timeout(5):
        await call(4)

    assert virtual.now() - began == pytest.approx(9)


async def test_timers_fire_in_their_order(virtual: VirtualClock) -> None:
    """Each at its own moment."""
    loop = asyncio.get_running_loop()
    began, fired = loop.time(), []
    for seconds in (3, 1, 2):
        loop.call_later(seconds, lambda: fired.append(round(loop.time() - began)))

    await asyncio.sleep(4)

    assert fired == [1, 2, 3]


async def test_blocking_the_loop_is_felt_by_its_timers(virtual: VirtualClock) -> None:
    """`time.sleep` in a task is a mistake that a test can see."""
    began = virtual.now()

    async def block() -> None:
        time.sleep(30)

    await asyncio.gather(call(1), block())

    assert virtual.now() - began == pytest.approx(30)


def test_a_loop_of_its_own_goes_on_from_the_thread(virtual: VirtualClock) -> None:
    """`asyncio.run` inside a synchronous test."""
    time.sleep(5)
    before = virtual.now()

    asyncio.run(call(2))

    assert virtual.now() - before == pytest.approx(2)


def test_a_loop_that_was_made_before_is_virtual_and_then_real_again(real: RealClock) -> None:
    """A loop of session scope is used in many tests, not all of them on this clock."""
    with asyncio.Runner() as runner:
        loop: Any = runner.get_loop()
        runner.run(asyncio.sleep(0))
        before = (loop._clock_resolution, loop._selector.select)

        with VirtualClock().running():
            assert runner.run(call()) == 4_350_000
        began = real.now()
        runner.run(asyncio.sleep(0.01))

        assert real.now() - began >= 0.01
        assert (loop._clock_resolution, loop._selector.select) == before
        assert "select" not in vars(loop._selector)
        assert not [name for name in vars(loop) if "understudy" in name]


def test_timers_keep_what_is_left_of_their_delay(real: RealClock) -> None:
    """A heartbeat of the session neither fires at once nor an hour late."""
    with asyncio.Runner() as runner:
        loop = runner.get_loop()
        clock = VirtualClock()
        with clock.running():
            time.sleep(3600)
        timer = loop.call_later(50, int)
        with clock.running():
            runner.run(call(20))

        left = timer.when() - loop.time()

    assert left == pytest.approx(30, abs=10)


def test_running_may_begin_and_end_inside_a_task(real: RealClock) -> None:
    """A fixture or a block of the test itself."""

    async def main() -> tuple[float, float]:
        with VirtualClock().running():
            virtual = await call(100)
        began = real.now()
        await asyncio.sleep(0.01)
        return virtual, real.now() - began

    virtual, lasted = asyncio.run(main())

    assert virtual == 100_000_000
    assert 0.01 <= lasted < 5


def test_a_loop_in_another_thread_begins_when_it_is_asked(
    virtual: VirtualClock, background: asyncio.AbstractEventLoop
) -> None:
    """And whoever waits for the result is not earlier than it."""
    time.sleep(100)
    began = virtual.now()

    result = asyncio.run_coroutine_threadsafe(call(7), background).result()

    assert result == 7_000_000
    assert virtual.now() - began == pytest.approx(7)


def test_a_loop_that_was_running_elsewhere_is_given_back(
    real: RealClock, background: asyncio.AbstractEventLoop
) -> None:
    """By itself, as soon as it turns."""

    async def sleep_really() -> float:
        began = real.now()
        await asyncio.sleep(0.01)
        return real.now() - began

    with VirtualClock().running():
        asyncio.run_coroutine_threadsafe(call(1000), background).result()
    lasted = asyncio.run_coroutine_threadsafe(sleep_really(), background).result(timeout=10)

    assert 0.01 <= lasted < 5


def test_the_time_of_a_loop_can_be_asked_from_anywhere(
    virtual: VirtualClock, background: asyncio.AbstractEventLoop
) -> None:
    """It is that of the thread in which it runs."""
    asyncio.run_coroutine_threadsafe(call(7), background).result()
    time.sleep(1000)

    assert background.time() == pytest.approx(virtual.now() - 1000)


def test_several_loops_have_several_times(virtual: VirtualClock) -> None:
    """One for each thread; the end of all is the latest."""
    results: list[Future[float]] = [Future() for _ in range(3)]

    def run(number: int) -> None:
        results[number].set_result(asyncio.run(call(number + 1)))

    threads = [Thread(target=run, args=(number,)) for number in range(3)]
    began = virtual.now()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [result.result() for result in results] == [1_000_000, 2_000_000, 3_000_000]
    assert virtual.now() - began == pytest.approx(3)


def test_methods_of_loops_are_as_before_afterwards() -> None:
    """By identity."""
    names = ["time", "call_soon_threadsafe", "shutdown_default_executor"]
    before = [vars(BaseEventLoop)[name] for name in names]

    with VirtualClock().running():
        assert BaseEventLoop.time is not before[0]

    assert all(vars(BaseEventLoop)[name] is one for name, one in zip(names, before, strict=True))


def test_a_method_that_was_kept_is_real_afterwards() -> None:
    """Somebody may have wrapped it, and put it back later than we."""
    with VirtualClock().running():
        time.sleep(3600)
        kept = BaseEventLoop.time
    loop: Any = asyncio.new_event_loop()

    assert kept(loop) <= loop.time()
    loop.close()


def test_a_loop_that_was_closed_meanwhile_needs_no_giving_back() -> None:
    """It is gone."""
    with VirtualClock().running():
        loop = asyncio.new_event_loop()
        loop.run_until_complete(call(1))
        loop.close()

        assert loop.is_closed()


def test_a_loop_without_a_selector_is_left_alone(virtual: VirtualClock) -> None:
    """Somebody's own loop, whose waiting nobody can take over."""

    class Bare(BaseEventLoop):
        pass

    loop = Bare()

    assert loop.time() == virtual.now()
    assert not [name for name in vars(loop) if "understudy" in name]
    loop.close()


async def test_a_clock_refuses_a_loop_that_it_cannot_move(
    virtual: VirtualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A mocked delay on such a loop would never end, or cost real time."""

    class Foreign:
        def time(self) -> float:
            return 0.0

    with monkeypatch.context() as patch:
        patch.setattr(asyncio, "get_running_loop", Foreign)
        with pytest.raises(ClockError, match=r"Foreign.*--llm-clock=real"):
            await virtual.async_sleep(1)
