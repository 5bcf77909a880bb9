"""The simulated workers of thread pools."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Event, Thread
from typing import TYPE_CHECKING

import pytest

from understudy.clock._lines import Line
from understudy.clock._pools import PoolTime

if TYPE_CHECKING:
    from understudy.clock import RealClock, VirtualClock


def run(pool: PoolTime, submitted: float, seconds: float) -> tuple[float, float]:
    """Let a job of so many seconds pass; return when it began and ended."""
    line = Line(0.0)
    pool.begin(line, submitted)
    began = line.now
    line.now += seconds
    pool.end(line)
    return began, line.now


def test_as_many_jobs_as_workers_begin_at_once() -> None:
    """Even if one real thread does them all."""
    pool = PoolTime(3)

    assert [run(pool, 10, 5) for _ in range(3)] == [(10, 15)] * 3


def test_one_more_begins_when_the_first_worker_is_free() -> None:
    """Not when the last one is."""
    pool = PoolTime(2)
    run(pool, 0, 10)
    run(pool, 0, 1)

    assert run(pool, 0, 1) == (1, 2)


def test_a_job_does_not_begin_before_it_is_submitted() -> None:
    """Workers wait for it."""
    pool = PoolTime(1)
    run(pool, 0, 1)

    assert run(pool, 8, 1) == (8, 9)


def test_a_job_waits_until_the_first_free_worker_is_known(real: RealClock) -> None:
    """Another one that still runs may be free before those that ended early in real time."""
    pool, running = PoolTime(2), Line(0.0)
    pool.begin(running, 0)
    run(pool, 0, 10)
    results: list[tuple[float, float]] = []
    third = Thread(target=lambda: results.append(run(pool, 0, 1)))

    third.start()
    real.sleep(0.01)
    running.now = 2.0
    pool.end(running)
    third.join()

    assert results == [(2, 3)]


def test_a_job_that_waits_for_something_holds_nobody_up() -> None:
    """It may be waiting for the very job that is to begin."""
    pool, stuck = PoolTime(2), Line(0.0)
    pool.begin(stuck, 0)
    run(pool, 0, 10)

    assert run(pool, 0, 1) == (10, 11)


def test_more_jobs_than_workers_still_begin() -> None:
    """A pool that was made larger meanwhile must not break."""
    pool, first = PoolTime(1), Line(0.0)
    pool.begin(first, 0)

    assert run(pool, 3, 1) == (3, 4)


@pytest.mark.parametrize(("workers", "total"), [(20, 4.35), (10, 8.7), (5, 17.4), (1, 87.0)])
def test_twenty_calls_take_as_long_as_their_pool_lets_them(
    virtual: VirtualClock, workers: int, total: float
) -> None:
    """20 calls of 4.35 seconds, as on the real clock."""
    began = virtual.now()

    with ThreadPoolExecutor(workers) as pool:
        list(pool.map(time.sleep, [4.35] * 20))

    assert virtual.now() - began == pytest.approx(total)


def test_uneven_jobs_are_shared_out_as_on_the_real_clock(virtual: VirtualClock) -> None:
    """One worker takes the long one, the other all the short ones."""
    began = virtual.now()

    with ThreadPoolExecutor(2) as pool:
        for seconds in (10, 1, 1, 1, 1, 6):
            pool.submit(time.sleep, seconds)

    assert virtual.now() - began == pytest.approx(10)


def test_a_job_that_raises_frees_its_worker(virtual: VirtualClock) -> None:
    """The next one begins after it."""
    began = virtual.now()

    def fail() -> None:
        time.sleep(2)
        raise LookupError

    with ThreadPoolExecutor(1) as pool:
        failed, slept = pool.submit(fail), pool.submit(time.sleep, 3)

    assert isinstance(failed.exception(), LookupError)
    assert slept.result() is None
    assert virtual.now() - began == pytest.approx(5)


def test_a_job_may_wait_for_another_thread(virtual: VirtualClock) -> None:
    """Primitives stay real."""
    is_done = Event()

    with ThreadPoolExecutor(2) as pool:
        waiting = pool.submit(is_done.wait, 5)
        pool.submit(time.sleep, 3)
        pool.submit(is_done.set)

    assert waiting.result()
