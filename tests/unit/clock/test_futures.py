"""Futures of `concurrent.futures` on a virtual clock."""

from __future__ import annotations

import concurrent.futures
import time
from concurrent.futures import (
    FIRST_COMPLETED,
    Future,
    ThreadPoolExecutor,
    as_completed,
    wait,
)
from concurrent.futures import TimeoutError as FutureTimeoutError
from typing import TYPE_CHECKING

import pytest

from understudy.clock import RealClock, VirtualClock

if TYPE_CHECKING:
    from collections.abc import Iterator


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
