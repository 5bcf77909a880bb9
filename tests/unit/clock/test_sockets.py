"""The sockets of an event loop: whose data somebody waits for."""

from __future__ import annotations

import asyncio
import socket
import threading
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import pytest

from understudy.clock._sockets import Sockets

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator


@pytest.fixture
def ends() -> Iterator[tuple[socket.socket, socket.socket]]:
    """Both ends of a connection that no loop knows yet."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        near = socket.create_connection(server.getsockname())
        far, _ = server.accept()
    near.setblocking(False)
    with near, far:
        yield near, far


def count_awaited() -> int:
    """Return how many sockets of the running loop count."""
    loop: Any = asyncio.get_running_loop()
    return len(list(Sockets(loop._selector).waited_since()))


@asynccontextmanager
async def connected(
    sock: socket.socket,
) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    """Streams over a socket."""
    reader, writer = await asyncio.open_connection(sock=sock)
    try:
        yield reader, writer
    finally:
        writer.close()
        await writer.wait_closed()


@asynccontextmanager
async def meanwhile(waiting: Any) -> AsyncIterator[None]:
    """Let a task wait for something inside the block."""
    task = asyncio.ensure_future(waiting)
    await asyncio.sleep(0)
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait([task])


async def test_a_loop_without_sockets_waits_for_none() -> None:
    """Its own wake-up is no work."""
    assert count_awaited() == 0


async def test_an_idle_connection_does_not_count(ends: Any) -> None:
    """Kept alive for the next request."""
    async with connected(ends[0]):
        assert count_awaited() == 0


async def test_a_connection_that_somebody_reads_counts(ends: Any) -> None:
    """The answer is to come."""
    async with connected(ends[0]) as (reader, _), meanwhile(reader.read(1)):
        assert count_awaited() == 1


async def test_it_counts_since_somebody_waits(ends: Any) -> None:
    """Each new wait begins anew."""
    loop: Any = asyncio.get_running_loop()
    sockets = Sockets(loop._selector)
    async with connected(ends[0]) as (reader, _):
        async with meanwhile(reader.read(1)):
            first, again = list(sockets.waited_since()), list(sockets.waited_since())
        async with meanwhile(reader.read(1)):
            second = list(sockets.waited_since())

    assert first == again
    assert second > first


async def test_a_reader_that_was_added_counts(ends: Any) -> None:
    """Drivers add one for as long as they wait."""
    loop = asyncio.get_running_loop()
    loop.add_reader(ends[0], lambda: None)

    count = count_awaited()
    loop.remove_reader(ends[0])

    assert count == 1


async def test_a_socket_that_is_to_be_written_counts(ends: Any) -> None:
    """The other side has not read yet, or the connection is being made."""
    loop = asyncio.get_running_loop()
    while True:
        try:
            ends[0].send(bytes(1 << 20))
        except BlockingIOError:
            break
    loop.add_writer(ends[0], lambda: None)

    count = count_awaited()
    loop.remove_writer(ends[0])

    assert count == 1


async def test_a_server_does_not_count() -> None:
    """It waits for its clients, which is no work."""
    is_over = asyncio.Event()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()
        is_over.set()

    async with await asyncio.start_server(talk, "127.0.0.1", 0) as server:
        with socket.create_connection(server.sockets[0].getsockname()):
            for _ in range(3):
                await asyncio.sleep(0.001)
            assert count_awaited() == 0
        await is_over.wait()


@pytest.mark.parametrize("family", ["tcp", "unix"])
async def test_a_connection_within_the_loop_does_not_count(family: str, tmp_path: Any) -> None:
    """What its other end does is seen without waiting."""
    if family == "unix" and not hasattr(asyncio, "open_unix_connection"):
        pytest.skip("no such sockets here")
    path, is_over = str(tmp_path / "s"), asyncio.Event()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()
        is_over.set()

    async def serve() -> asyncio.Server:
        if family == "unix":
            return await asyncio.start_unix_server(talk, path)
        return await asyncio.start_server(talk, "127.0.0.1", 0)

    async with await serve() as server:
        reader, writer = (
            await asyncio.open_unix_connection(path)
            if family == "unix"
            else await asyncio.open_connection(*server.sockets[0].getsockname())
        )
        await asyncio.sleep(0.001)
        async with meanwhile(reader.read(1)):
            assert count_awaited() == 0
        writer.close()
        await writer.wait_closed()
        await is_over.wait()


async def test_a_server_in_another_thread_is_outside(ends: Any) -> None:
    """What it does is not seen here."""
    answer = threading.Timer(0.02, ends[1].sendall, [b"x"])
    async with connected(ends[0]) as (reader, _):
        answer.start()
        async with meanwhile(reader.read(1)):
            assert count_awaited() == 1
        answer.join()


async def test_the_output_of_a_child_process_counts() -> None:
    """Its pipe is read through the transport of the process."""
    process = await asyncio.create_subprocess_exec(
        "cat", stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    assert process.stdin is not None

    idle = count_awaited()
    async with meanwhile(process.stdout.read(1)):
        reading = count_awaited()
    process.stdin.close()
    await process.wait()

    assert idle == 0
    assert reading > 0
