"""The time of one event loop, and how far one in the background may run ahead."""

from __future__ import annotations

import asyncio
import math
import time
from threading import Event, Thread
from typing import TYPE_CHECKING, Any

import pytest

from understudy.clock import RealClock, VirtualClock
from understudy.clock._loop_time import LoopThrottle
from understudy.clock._timelines import FREE_MOVES, Timelines

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator


class Selector:
    """Tells how many sockets a loop has, beside its own."""

    def __init__(self, sockets: int) -> None:
        self._sockets = sockets

    def get_map(self) -> list[None]:
        """Return the table."""
        return [None] * (self._sockets + 1)


def elsewhere(call: Callable[[], Any]) -> Any:
    """Return what `call` gives in another thread."""
    answers: list[Any] = []
    thread = Thread(target=lambda: answers.append(call()))
    thread.start()
    thread.join()
    return answers[0]


def descend(depth: int) -> None:
    """Be at another place at every moment."""
    if depth:
        descend(depth - 1)


@pytest.fixture
def busy() -> Iterator[Timelines]:
    """Timelines whose home is a thread that never rests."""
    lines, is_over, has_begun = Timelines(0.0), Event(), Event()

    def run() -> None:
        lines.restart(0.0)
        has_begun.set()
        while not is_over.is_set():
            descend(50)

    thread = Thread(target=run)
    thread.start()
    has_begun.wait()
    yield lines
    is_over.set()
    thread.join()


def test_the_loop_of_the_test_is_free() -> None:
    """Whatever it is connected to."""
    assert LoopThrottle(Timelines(0.0), Selector(3)).look(5) is None


def test_a_loop_that_somebody_waits_for_is_free() -> None:
    """It works for the test."""
    lines = Timelines(0.0)
    throttle = LoopThrottle(lines, Selector(0))

    with lines.waiting():
        assert elsewhere(lambda: throttle.look(5)) is None


@pytest.mark.parametrize("selector", [Selector(1), object()])
def test_a_server_is_not_free_even_then(selector: object) -> None:
    """The test may have its answer already, and not know it yet."""
    lines = Timelines(0.0)
    throttle = LoopThrottle(lines, selector)

    with lines.waiting():
        assert elsewhere(lambda: throttle.look(5)) is not None


def test_a_loop_that_idles_for_long_is_not_free() -> None:
    """It must not keep a processor busy."""
    lines = Timelines(0.0)
    throttle = LoopThrottle(lines, Selector(0))

    with lines.waiting():
        looks = elsewhere(lambda: [throttle.look(5) for _ in range(FREE_MOVES + 1)])

    assert set(looks[:-1]) == {None}
    assert looks[-1] is not None


@pytest.mark.parametrize(
    ("delay", "seconds"), [(0.001, 0.002), (0.15, 0.003), (5, 0.1), (3600, 0.25)]
)
def test_a_longer_delay_is_looked_at_for_longer(delay: float, seconds: float) -> None:
    """A connection that is closed for idling must not be the one that is asked next."""
    throttle = LoopThrottle(Timelines(0.0), Selector(1))

    assert elsewhere(lambda: throttle.look(delay)).seconds == pytest.approx(seconds)


def test_it_moves_on_when_the_test_does_nothing() -> None:
    """Its thread waits somewhere in the machine."""
    throttle = LoopThrottle(Timelines(0.0), Selector(1))

    def look_twice() -> bool:
        look = throttle.look(1)
        return look is not None and throttle.holds(look)

    assert not elsewhere(look_twice)


def test_it_moves_on_when_the_test_sleeps(busy: Timelines, real: RealClock) -> None:
    """It is polling for something, and its time passes."""
    throttle = LoopThrottle(busy, Selector(1))
    look = throttle.look(1)
    assert look is not None

    busy[busy.home].now += 0.1
    real.sleep(look.seconds)

    assert not throttle.holds(look)


def test_it_is_held_while_the_test_is_busy(busy: Timelines, real: RealClock) -> None:
    """But not for ever: the test may be waiting in a way that nobody knows of."""
    throttle = LoopThrottle(busy, Selector(1))
    held = []
    for _ in range(20):
        look = throttle.look(60)
        assert look is not None
        real.sleep(0.005)
        held.append(throttle.holds(look))

    assert set(held) == {True, False}


def test_a_thread_that_has_ended_holds_nobody() -> None:
    """The clock was put in force there, and the test goes on elsewhere."""
    lines = Timelines(0.0)
    elsewhere(lambda: lines.restart(0.0))
    throttle = LoopThrottle(lines, Selector(1))
    look = throttle.look(1)

    assert look is not None
    assert not throttle.holds(look)


def test_polling_for_a_loop_in_the_background_ends(virtual: VirtualClock, real: RealClock) -> None:
    """The test is busy with nothing else."""
    loop = asyncio.new_event_loop()
    thread = Thread(target=loop.run_forever)
    thread.start()
    began = real.now()

    job = asyncio.run_coroutine_threadsafe(asyncio.sleep(3), loop)
    while not job.done():
        virtual.sleep(0.1)
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()

    assert real.now() - began < 60


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
    assert real.now() - began < lasted / 2


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


@pytest.mark.usefixtures("virtual")
async def test_work_that_was_given_up_does_not_hold_time(real: RealClock) -> None:
    """Nobody waits for it any more."""
    is_over = Event()
    job = asyncio.ensure_future(asyncio.to_thread(is_over.wait, 60))
    await asyncio.sleep(0)
    job.cancel()
    await asyncio.wait([job])
    began = real.now()

    await asyncio.sleep(1000)

    assert real.now() - began < 30
    is_over.set()


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
