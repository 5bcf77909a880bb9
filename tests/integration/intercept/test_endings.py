"""How an attempt ends: read, stopped, cancelled, timed out, cut off, refused."""

from __future__ import annotations

import asyncio
import socket
from typing import TYPE_CHECKING, Any

import aiohttp
import pytest
from tests.support.readers import ASYNC_READERS, READERS, AsyncReader, Reader

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.provider import Provider
    from tests.support.watcher import Watcher

LONG = 9.0
SHORT = 0.3

each_reader = pytest.mark.parametrize("read", READERS)
each_async_reader = pytest.mark.parametrize("read", ASYNC_READERS)


@pytest.fixture
def url(provider: Provider) -> str:
    """The address of a chat completion."""
    return f"{provider.url}/v1/chat/completions"


@pytest.fixture
def refusing_url() -> str:
    """An address on which nobody listens."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    return f"http://127.0.0.1:{port}/v1/chat/completions"


def raised_by(call: Callable[[], Any]) -> list[BaseException]:
    """Return what `call` raises, and what that was made from."""
    with pytest.raises(Exception) as caught:  # noqa: PT011 - each client has its own
        call()
    chain: list[BaseException] = []
    error: BaseException | None = caught.value
    while error is not None:
        chain.append(error)
        error = error.__cause__ or error.__context__
    return chain


@each_reader
def test_stream_read_to_its_end_ends(
    read: Reader, url: str, provider: Provider, watcher: Watcher
) -> None:
    """The reader sees the bytes that are told, and then the end."""
    seen = read(url, "m", LONG)

    assert watcher.only.ending == "end"
    assert b"".join(watcher.only.chunks) == b"".join(seen) == provider.last.sent


@each_reader
def test_stream_stopped_early_is_closed(read: Reader, url: str, watcher: Watcher) -> None:
    """What was not read is not told."""
    seen = read(url, "m.gap-20", LONG, at_most=2)

    assert watcher.only.ending == "close"
    assert watcher.only.chunks == seen


@each_reader
def test_timeout_mid_stream_fails(
    read: Reader, url: str, provider: Provider, watcher: Watcher
) -> None:
    """The attempt fails with the time-out, after what had come."""
    raised = raised_by(lambda: read(url, "m.gap-20.hang-2", SHORT))

    assert any(watcher.only.ending is error for error in raised)
    assert "Timeout" in type(watcher.only.ending).__name__
    assert b"".join(watcher.only.chunks) == provider.last.sent


@each_reader
def test_timeout_before_the_headers_fails(read: Reader, url: str, watcher: Watcher) -> None:
    """There was no answer: no status, no chunk."""
    raised = raised_by(lambda: read(url, "m.mute-1", SHORT))

    assert any(watcher.only.ending is error for error in raised)
    assert (watcher.only.status, watcher.only.origin) == (None, None)


@each_reader
def test_stream_cut_off_fails(read: Reader, url: str, provider: Provider, watcher: Watcher) -> None:
    """The attempt fails with what the client makes of the broken connection."""
    raised = raised_by(lambda: read(url, "m.gap-20.cut-3", LONG))

    assert any(watcher.only.ending is error for error in raised)
    assert b"".join(watcher.only.chunks) == provider.last.sent


@each_reader
def test_refused_connection_fails(read: Reader, refusing_url: str, watcher: Watcher) -> None:
    """A request that finds nobody is an attempt all the same."""
    raised = raised_by(lambda: read(refusing_url, "m", LONG))

    assert any(watcher.only.ending is error for error in raised)
    assert (watcher.only.status, watcher.only.origin) == (None, None)


@each_async_reader
async def test_task_cancelled_mid_stream_fails(
    read: AsyncReader, url: str, watcher: Watcher
) -> None:
    """The attempt fails with the cancellation."""
    task = asyncio.ensure_future(read(url, "m.hang-2", LONG))

    await cancel_when(task, lambda: any(watched.chunks for watched in watcher.watched))

    assert isinstance(watcher.only.ending, asyncio.CancelledError)


@each_async_reader
async def test_task_cancelled_before_the_headers_fails(
    read: AsyncReader, url: str, provider: Provider, watcher: Watcher
) -> None:
    """The attempt fails with the cancellation, and had no answer."""
    task = asyncio.ensure_future(read(url, "m.mute-1", LONG))

    await cancel_when(task, lambda: bool(provider.received))

    assert isinstance(watcher.only.ending, asyncio.CancelledError)
    assert (watcher.only.status, watcher.only.origin) == (None, None)


async def cancel_when(task: asyncio.Future[Any], is_ready: Callable[[], bool]) -> None:
    """Cancel `task` as soon as `is_ready`, and wait until it is."""
    while not is_ready():
        await asyncio.sleep(0.005)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_read_of_aiohttp_that_is_tried_again_does_not_end_the_attempt(
    url: str, provider: Provider, watcher: Watcher
) -> None:
    """A wait for data that is cancelled, to poll, is not the end of the response."""
    async with aiohttp.ClientSession() as session:
        response = await session.post(url, json={"model": "m.first-80", "stream": True})
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(response.content.readany(), 0.01)
        await response.read()

    assert watcher.only.ending == "end"
    assert watcher.only.body == provider.last.sent
