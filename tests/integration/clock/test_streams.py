"""Streams of the real SDK on a clock: as timed as asked for, and interruptible."""

from __future__ import annotations

import asyncio
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from email.utils import formatdate
from typing import TYPE_CHECKING, Any

import pytest
from tests.integration.clock.played import LINES, MESSAGES, TOTAL, PlayedTransport, httpx

from understudy.clock import RealClock, VirtualClock

if TYPE_CHECKING:
    from collections.abc import Callable

    from understudy.clock import Clock

openai = pytest.importorskip("openai")

FIRST_AND_TOTAL = (15_000_000, 43_500_000)


def sync_client(transport: PlayedTransport, **options: Any) -> Any:
    return openai.OpenAI(api_key="none", http_client=httpx.Client(transport=transport), **options)


def async_client(transport: PlayedTransport, **options: Any) -> Any:
    return openai.AsyncOpenAI(
        api_key="none", http_client=httpx.AsyncClient(transport=transport), **options
    )


def stream_sync(client: Any) -> tuple[int, int]:
    """Return the microseconds until the first word and the end, as the application sees them."""
    began, first = time.monotonic(), 0.0
    for chunk in client.chat.completions.create(model="m", messages=MESSAGES, stream=True):
        if chunk.choices[0].delta.content and not first:
            first = time.monotonic()
    return round((first - began) * 1e6), round((time.monotonic() - began) * 1e6)


async def stream_async(client: Any) -> tuple[int, int]:
    """Return the microseconds until the first word and the end, as the application sees them."""
    began, first = time.monotonic(), 0.0
    stream = await client.chat.completions.create(model="m", messages=MESSAGES, stream=True)
    async for chunk in stream:
        if chunk.choices[0].delta.content and not first:
            first = time.monotonic()
    return round((first - began) * 1e6), round((time.monotonic() - began) * 1e6)


def test_a_sync_stream_is_exact(virtual: VirtualClock, real: RealClock) -> None:
    """The first word after the think time, the end 19 lines later, in no time."""
    began = real.now()

    timing = stream_sync(sync_client(PlayedTransport(virtual)))

    assert timing == FIRST_AND_TOTAL
    assert real.now() - began < TOTAL / 2


async def test_fifty_streams_at_once_are_exact(virtual: VirtualClock, real: RealClock) -> None:
    """Each of them, and all together take as long as one."""
    client = async_client(PlayedTransport(virtual))
    began, started = virtual.now(), real.now()

    timings = await asyncio.gather(*[stream_async(client) for _ in range(50)])

    assert set(timings) == {FIRST_AND_TOTAL}
    assert virtual.now() - began == pytest.approx(TOTAL)
    assert real.now() - started < TOTAL / 2


def test_streams_in_threads_are_exact(virtual: VirtualClock) -> None:
    """Each on its own time line."""
    client = sync_client(PlayedTransport(virtual))
    began = virtual.now()

    with ThreadPoolExecutor(20) as pool:
        timings = list(pool.map(lambda _: stream_sync(client), range(20)))

    assert set(timings) == {FIRST_AND_TOTAL}
    assert virtual.now() - began == pytest.approx(TOTAL)


async def test_a_sync_stream_in_a_thread_of_the_loop_is_exact(virtual: VirtualClock) -> None:
    """And the loop is as late as its end."""
    client = sync_client(PlayedTransport(virtual))
    began = virtual.now()

    timing = await asyncio.wait_for(asyncio.to_thread(stream_sync, client), 50)

    assert timing == FIRST_AND_TOTAL
    assert virtual.now() - began == pytest.approx(TOTAL)


REFUSALS: list[tuple[Callable[[Clock], dict[str, str]], float, float]] = [
    (lambda _: {"retry-after": "30"}, 30, 1e-3),
    (lambda _: {"retry-after-ms": "2500"}, 2.5, 1e-3),
    (lambda clock: {"retry-after": formatdate(clock.time() + 30, usegmt=True)}, 30, 1.5),
]


@pytest.mark.parametrize(("refusal", "seconds", "tolerance"), REFUSALS)
def test_waiting_as_told_costs_nothing(
    virtual: VirtualClock,
    real: RealClock,
    refusal: Callable[[Clock], dict[str, str]],
    seconds: float,
    tolerance: float,
) -> None:
    """Whichever way the provider tells it."""
    transport = PlayedTransport(virtual, refusals=1, refusal=refusal(virtual))
    began = real.now()

    _, total = stream_sync(sync_client(transport))

    assert total / 1e6 == pytest.approx(seconds + TOTAL, abs=tolerance)
    assert real.now() - began < total / 1e6 / 2


async def test_waiting_in_a_task_costs_nothing(virtual: VirtualClock, real: RealClock) -> None:
    """Two refusals, a minute."""
    transport = PlayedTransport(virtual, refusals=2, refusal={"retry-after": "30"})
    began = real.now()

    _, total = await stream_async(async_client(transport))

    assert total / 1e6 == pytest.approx(60 + TOTAL, abs=1e-3)
    assert real.now() - began < total / 1e6 / 2


@pytest.fixture(params=["real", "virtual"])
def clock(request: pytest.FixtureRequest) -> Any:
    """Either clock; delays are short enough for the real one."""
    if request.param == "real":
        yield RealClock()
    else:
        with VirtualClock().running() as clock:
            yield clock


@pytest.fixture
def transport(clock: Clock) -> PlayedTransport:
    """Streams whose lines are so far apart that they can be interrupted."""
    return PlayedTransport(clock, delays=(0.02, 0.2))


@pytest.mark.parametrize("way", ["break", "close"])
def test_a_sync_stream_can_be_left(transport: PlayedTransport, way: str) -> None:
    """The body is closed, and nothing more is sent."""
    stream = sync_client(transport).chat.completions.create(
        model="m", messages=MESSAGES, stream=True
    )
    with stream:
        for chunk in stream:
            if chunk.choices[0].delta.content:
                if way == "close":
                    stream.close()
                break

    assert transport.bodies[0].is_closed
    assert transport.bodies[0].sent == 1


async def test_a_task_that_streams_can_be_cancelled(
    transport: PlayedTransport, clock: Clock
) -> None:
    """In the middle of a delay."""
    task = asyncio.ensure_future(stream_async(async_client(transport)))
    await clock.async_sleep(0.3)

    task.cancel()
    await asyncio.wait([task])

    assert task.cancelled()
    assert 0 < transport.bodies[0].sent < LINES
    assert transport.bodies[0].is_closed


async def test_a_timeout_ends_a_stream(transport: PlayedTransport) -> None:
    """Both are on the same clock."""
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(stream_async(async_client(transport)), 0.3)

    assert 0 < transport.bodies[0].sent < LINES


async def test_an_async_stream_can_be_left(transport: PlayedTransport) -> None:
    """By closing it after the first word."""
    stream = await async_client(transport).chat.completions.create(
        model="m", messages=MESSAGES, stream=True
    )
    async with stream:
        async for chunk in stream:
            if chunk.choices[0].delta.content:
                break

    assert transport.bodies[0].is_closed
    assert transport.bodies[0].sent == 1


@pytest.mark.usefixtures("keyboard")
@pytest.mark.parametrize("name", ["real", "virtual"])
def test_the_keyboard_interrupts_a_stream(name: str) -> None:
    """Ctrl-C arrives between two lines, on both clocks."""
    clock = RealClock() if name == "real" else VirtualClock()
    transport = PlayedTransport(clock, delays=(0.02, 0.2))

    async def main() -> None:
        asyncio.get_running_loop().call_later(0.3, _interrupt)
        await stream_async(async_client(transport))

    def _interrupt() -> None:
        signal.raise_signal(signal.SIGINT)

    def run() -> None:
        if isinstance(clock, VirtualClock):
            with clock.running():
                asyncio.run(main())
        else:
            asyncio.run(main())

    with pytest.raises(KeyboardInterrupt):
        run()

    assert 0 < transport.bodies[0].sent < LINES
