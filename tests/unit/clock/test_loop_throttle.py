"""How far an event loop in the background may run ahead."""

from __future__ import annotations

import asyncio
from threading import Event, Thread
from typing import TYPE_CHECKING, Any

import pytest

from understudy.clock._lines import FREE_MOVES, Lines
from understudy.clock._loop_throttle import LoopThrottle

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from understudy.clock import RealClock, VirtualClock


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
def busy() -> Iterator[Lines]:
    """Lines whose home is a thread that never rests."""
    lines, is_over, has_begun = Lines(0.0), Event(), Event()

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
    assert LoopThrottle(Lines(0.0), Selector(3)).look(5) is None


def test_a_loop_that_somebody_waits_for_is_free() -> None:
    """It works for the test."""
    lines = Lines(0.0)
    throttle = LoopThrottle(lines, Selector(0))

    with lines.waiting():
        assert elsewhere(lambda: throttle.look(5)) is None


@pytest.mark.parametrize("selector", [Selector(1), object()])
def test_a_server_is_not_free_even_then(selector: object) -> None:
    """The test may have its answer already, and not know it yet."""
    lines = Lines(0.0)
    throttle = LoopThrottle(lines, selector)

    with lines.waiting():
        assert elsewhere(lambda: throttle.look(5)) is not None


def test_a_loop_that_idles_for_long_is_not_free() -> None:
    """It must not keep a processor busy."""
    lines = Lines(0.0)
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
    throttle = LoopThrottle(Lines(0.0), Selector(1))

    assert elsewhere(lambda: throttle.look(delay)).seconds == pytest.approx(seconds)


def test_it_moves_on_when_the_test_does_nothing() -> None:
    """Its thread waits somewhere in the machine."""
    throttle = LoopThrottle(Lines(0.0), Selector(1))

    def look_twice() -> bool:
        look = throttle.look(1)
        return look is not None and throttle.holds(look)

    assert not elsewhere(look_twice)


def test_it_moves_on_when_the_test_sleeps(busy: Lines, real: RealClock) -> None:
    """It is polling for something, and its time passes."""
    throttle = LoopThrottle(busy, Selector(1))
    look = throttle.look(1)
    assert look is not None

    busy[busy.home].now += 0.1
    real.sleep(look.seconds)

    assert not throttle.holds(look)


def test_it_is_held_while_the_test_is_busy(busy: Lines, real: RealClock) -> None:
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
    lines = Lines(0.0)
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

    assert real.now() - began < 5
