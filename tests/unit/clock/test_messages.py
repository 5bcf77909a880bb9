"""What reaches an event loop from other threads."""

from __future__ import annotations

import asyncio
import time
from asyncio import wrap_future
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Thread

import pytest

from understudy.clock import RealClock, VirtualClock


async def test_a_message_arrives_no_earlier_than_it_was_sent(virtual: VirtualClock) -> None:
    """A thread that has slept is ahead."""
    loop, arrived = asyncio.get_running_loop(), asyncio.Event()
    began = virtual.now()

    def send() -> None:
        time.sleep(5)
        loop.call_soon_threadsafe(arrived.set)

    with virtual.real_work():
        thread = Thread(target=send)
        thread.start()
        await asyncio.wait_for(arrived.wait(), 60)

    assert virtual.now() - began == pytest.approx(5)
    thread.join()


async def test_a_message_from_the_past_arrives_at_once(virtual: VirtualClock) -> None:
    """The loop is ahead of whoever sent it."""
    loop, arrived = asyncio.get_running_loop(), asyncio.Event()
    thread = Thread(target=lambda: loop.call_soon_threadsafe(arrived.set))
    thread.start()
    await asyncio.sleep(100)
    before = virtual.now()

    await arrived.wait()

    assert virtual.now() == before
    thread.join()


async def test_a_thread_without_a_time_sends_as_ever(real: RealClock) -> None:
    """It was there before the clock, and has never asked for the time."""
    loop, arrived = asyncio.get_running_loop(), asyncio.Event()

    def send() -> None:
        real.sleep(0.02)
        loop.call_soon_threadsafe(arrived.set)

    thread = Thread(target=send)
    thread.start()
    with VirtualClock().running() as clock, clock.real_work():
        await asyncio.wait_for(arrived.wait(), 60)

    thread.join()


async def test_a_result_that_is_there_already_still_comes_at_its_time(
    virtual: VirtualClock,
) -> None:
    """A real thread may be done before its job is even waited for."""
    began = virtual.now()
    with ThreadPoolExecutor(1) as pool:
        job = pool.submit(time.sleep, 5)
        while not job.done():
            pass

        await wrap_future(job)

    assert virtual.now() - began == pytest.approx(5)


async def test_any_future_of_another_thread_is_work(virtual: VirtualClock, real: RealClock) -> None:
    """Whoever completes it."""
    future: Future[str] = Future()

    def complete() -> None:
        real.sleep(0.05)
        future.set_result("done")

    thread = Thread(target=complete)
    thread.start()

    assert await asyncio.wait_for(asyncio.wrap_future(future), 5) == "done"
    thread.join()


async def test_a_future_of_asyncio_is_no_work(virtual: VirtualClock) -> None:
    """It is completed within the loop, if at all."""
    future = asyncio.get_running_loop().create_future()

    with pytest.raises(TimeoutError):
        await asyncio.wait_for(asyncio.wrap_future(future), 1000)


def test_a_job_that_ends_after_its_loop_says_nothing(
    virtual: VirtualClock, real: RealClock, caplog: pytest.LogCaptureFixture
) -> None:
    """The loop is closed; nobody is to be told."""
    future: Future[None] = Future()

    async def leave() -> None:
        wrap_future(future)

    asyncio.run(leave())
    future.set_result(None)

    assert not caplog.records


def test_a_message_that_arrives_after_the_clock_arrives_at_once() -> None:
    """Its moment is on a time that nobody is on any more."""
    arrived: list[str] = []

    with asyncio.Runner() as runner:
        loop = runner.get_loop()

        def send() -> None:
            time.sleep(3600)
            loop.call_soon_threadsafe(arrived.append, "here")

        with VirtualClock().running():
            thread = Thread(target=send)
            thread.start()
            thread.join()
        runner.run(asyncio.sleep(0))

    assert arrived == ["here"]
