"""Futures of concurrent.futures, and the jobs of thread pools."""

from __future__ import annotations

import concurrent.futures
import time
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, as_completed, wait
from concurrent.futures import TimeoutError as FutureTimeoutError
from threading import Event, Thread
from typing import TYPE_CHECKING

import pytest

from understudy.clock import RealClock, VirtualClock
from understudy.clock._futures import PoolTime
from understudy.clock._timelines import Timeline

if TYPE_CHECKING:
    from collections.abc import Iterator


def run(pool: PoolTime, submitted: float, seconds: float) -> tuple[float, float]:
    """Let a job of so many seconds pass; return when it began and ended."""
    line = Timeline(0.0)
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
    pool, running = PoolTime(2), Timeline(0.0)
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
    pool, stuck = PoolTime(2), Timeline(0.0)
    pool.begin(stuck, 0)
    run(pool, 0, 10)

    assert run(pool, 0, 1) == (10, 11)


def test_more_jobs_than_workers_still_begin() -> None:
    """A pool that was made larger meanwhile must not break."""
    pool, first = PoolTime(1), Timeline(0.0)
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


@pytest.fixture
def pool(virtual: VirtualClock) -> Iterator[ThreadPoolExecutor]:
    """A pool of which nobody waits for the end."""
    with ThreadPoolExecutor(4) as pool:
        yield pool


def test_a_result_moves_whoever_asks_for_it(
    virtual: VirtualClock, pool: ThreadPoolExecutor
) -> None:
    """Its job has taken that long."""
    began = virtual.now()

    pool.submit(time.sleep, 7).result()

    assert virtual.now() - began == pytest.approx(7)


def test_an_exception_moves_whoever_asks_for_it(
    virtual: VirtualClock, pool: ThreadPoolExecutor
) -> None:
    """A failure takes its time too."""
    began = virtual.now()

    def fail() -> None:
        time.sleep(2)
        raise LookupError

    with pytest.raises(LookupError):
        pool.submit(fail).result()

    assert virtual.now() - began == pytest.approx(2)


def test_a_future_that_somebody_set_moves_too(virtual: VirtualClock) -> None:
    """No pool is needed."""
    future: Future[int] = Future()
    future.set_result(1)
    before = virtual.now()

    assert future.result() == 1
    assert future.exception() is None
    assert virtual.now() == before


def test_a_timeout_is_real(virtual: VirtualClock, real: RealClock) -> None:
    """And moves nobody."""
    before, began = virtual.now(), real.now()

    with pytest.raises(FutureTimeoutError):
        Future[int]().result(timeout=0.01)

    assert real.now() - began >= 0.01
    assert virtual.now() == before


def test_waiting_for_all_moves_to_the_last(virtual: VirtualClock, pool: ThreadPoolExecutor) -> None:
    """As the function says."""
    began = virtual.now()

    done, _ = wait([pool.submit(time.sleep, seconds) for seconds in (3, 1, 2)])

    assert len(done) == 3
    assert virtual.now() - began == pytest.approx(3)


def test_waiting_for_the_first_moves_to_the_first(
    virtual: VirtualClock, pool: ThreadPoolExecutor
) -> None:
    """Others that are done by then are waited for later."""
    began = virtual.now()
    jobs = [pool.submit(time.sleep, seconds) for seconds in (1, 1, 1)]

    done, _ = concurrent.futures.wait(jobs, return_when=FIRST_COMPLETED)

    assert done
    assert virtual.now() - began == pytest.approx(1)


def test_waiting_for_nothing_moves_nobody(virtual: VirtualClock) -> None:
    """No future, no moment."""
    before = virtual.now()

    wait([], timeout=0)

    assert virtual.now() == before


def test_those_that_are_completed_come_at_their_time(
    virtual: VirtualClock, pool: ThreadPoolExecutor
) -> None:
    """The last of them is the last moment."""
    began = virtual.now()

    for job in as_completed([pool.submit(time.sleep, seconds) for seconds in (3, 1, 2)]):
        assert job.done()

    assert virtual.now() - began == pytest.approx(3)


def test_everything_is_as_before_afterwards() -> None:
    """By identity, also the names that this module imported."""
    before = [wait, as_completed, Future.result, Future.set_result, ThreadPoolExecutor.submit]

    with VirtualClock().running():
        assert wait is not before[0]

    after = [wait, as_completed, Future.result, Future.set_result, ThreadPoolExecutor.submit]
    assert all(one is other for one, other in zip(before, after, strict=True))


def test_a_pool_that_outlives_the_clock_goes_on(real: RealClock) -> None:
    """Its jobs are real again."""
    with ThreadPoolExecutor(1) as pool:
        with VirtualClock().running():
            pool.submit(time.sleep, 3).result()
        began = real.now()

        pool.submit(time.sleep, 0.01).result()

    assert real.now() - began >= 0.01
