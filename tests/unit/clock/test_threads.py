"""Threads on a virtual clock."""

from __future__ import annotations

import time
from threading import Event, Lock, Thread
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from understudy.clock import RealClock, VirtualClock


def test_threads_sleep_side_by_side(virtual: VirtualClock) -> None:
    """Five that sleep three seconds take three seconds."""
    threads = [Thread(target=time.sleep, args=(3,)) for _ in range(5)]
    began = virtual.now()

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert virtual.now() - began == pytest.approx(3)


def test_a_thread_begins_when_it_is_started(virtual: VirtualClock) -> None:
    """Its time line leaves that of whoever starts it."""
    seen: list[float] = []
    time.sleep(100)

    thread = Thread(target=lambda: seen.append(time.monotonic()))
    thread.start()
    thread.join()

    assert seen == [virtual.now()]


def test_joining_moves_to_the_later_of_the_two(virtual: VirtualClock) -> None:
    """Who comes late need not wait."""
    thread = Thread(target=time.sleep, args=(3,))
    thread.start()
    time.sleep(10)
    before = virtual.now()

    thread.join()

    assert virtual.now() == before


def test_a_thread_that_raises_ends_too(
    virtual: VirtualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever joins it has waited until then."""
    monkeypatch.setattr("threading.excepthook", lambda _: None)

    def fail() -> None:
        time.sleep(4)
        raise LookupError

    thread = Thread(target=fail)
    began = virtual.now()

    thread.start()
    thread.join()

    assert virtual.now() - began == pytest.approx(4)


def test_a_subclass_with_a_run_of_its_own_is_followed(virtual: VirtualClock) -> None:
    """And is left with nothing of ours."""

    class Sleeper(Thread):
        def run(self) -> None:
            time.sleep(2)

    thread = Sleeper()
    began = virtual.now()

    thread.start()
    thread.join()

    assert virtual.now() - began == pytest.approx(2)
    assert "run" not in vars(thread)


def test_starting_twice_is_refused_as_ever(virtual: VirtualClock) -> None:
    """The error is Python's."""
    thread = Thread(target=int)
    thread.start()
    thread.join()

    with pytest.raises(RuntimeError, match="only be started once"):
        thread.start()


def test_a_timed_join_is_real(virtual: VirtualClock, real: RealClock) -> None:
    """Nobody knows when a thread ends that waits for something real."""
    is_done = Event()
    thread = Thread(target=is_done.wait)
    thread.start()
    before, began = virtual.now(), real.now()

    thread.join(0.02)
    waited = real.now() - began
    is_done.set()
    thread.join()

    assert waited >= 0.02
    assert virtual.now() == before


def test_timed_waits_on_primitives_are_real(virtual: VirtualClock, real: RealClock) -> None:
    """The documentation says so."""
    lock = Lock()
    lock.acquire()
    before, began = virtual.now(), real.now()

    waits = [Event().wait(0.01), lock.acquire(timeout=0.01)]

    assert waits == [False, False]
    assert real.now() - began >= 0.02
    assert virtual.now() == before


def test_a_poll_lets_other_threads_go_on(virtual: VirtualClock) -> None:
    """A thread that needs the interpreter gets it while another one sleeps."""
    counted = 0

    def count() -> None:
        nonlocal counted
        for _ in range(50_000):
            counted += 1

    thread = Thread(target=count)
    thread.start()
    while thread.is_alive():
        time.sleep(0.1)

    assert counted == 50_000
