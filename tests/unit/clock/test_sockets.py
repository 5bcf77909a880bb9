"""The sockets and transports that a task of a loop waits for."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections import deque
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any
from weakref import ref

import pytest

from understudy.clock._sockets import Sockets, asked_for, awaited_future

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator


class Reading(asyncio.Transport):
    """A transport that waits for the end of an operation, as those of a proactor do."""

    def read_on(self, future: Any) -> None:
        """Be called back."""


class Proactor:
    """Keeps a table of operations as that of Windows does: the future comes first."""

    def __init__(self, *futures: asyncio.Future[Any]) -> None:
        self._cache = {number: (future, None) for number, future in enumerate(futures)}


async def test_a_loop_asks_for_nothing_but_its_own() -> None:
    """It is woken up through a socket."""
    loop: Any = asyncio.get_running_loop()

    assert list(asked_for(loop._selector)) == []


async def test_a_connection_asks_for_its_data() -> None:
    """And a server for nothing that anybody waits for."""
    loop: Any = asyncio.get_running_loop()
    near, far = socket.socketpair()
    _, writer = await asyncio.open_connection(sock=near)

    async with await asyncio.start_server(lambda *_: None, "127.0.0.1", 0):
        asked = list(asked_for(loop._selector))

    assert asked == [writer.transport]
    writer.close()
    await writer.wait_closed()
    far.close()


async def test_whoever_adds_a_reader_or_a_writer_asks_for_it() -> None:
    """The callback says nothing else."""
    loop: Any = asyncio.get_running_loop()
    near, far = socket.socketpair()
    loop.add_reader(near, int)
    loop.add_writer(far, int)

    handles: list[Any] = list(asked_for(loop._selector))
    asked = [handle._callback for handle in handles]
    loop.remove_reader(near)
    loop.remove_writer(far)

    assert asked == [int, int]
    near.close()
    far.close()


async def test_operations_of_a_proactor_belong_to_transports_and_tasks() -> None:
    """Those that nobody is behind are the loop's own."""
    loop = asyncio.get_running_loop()
    of_transport, of_task, of_loop, of_nobody = (loop.create_future() for _ in range(4))
    transport = Reading()
    of_transport.add_done_callback(transport.read_on)
    of_loop.add_done_callback(lambda _: None)

    async def wait() -> None:
        await of_task

    task = asyncio.ensure_future(wait())
    await asyncio.sleep(0)

    asked = list(asked_for(Proactor(of_transport, of_task, of_loop, of_nobody)))
    task.cancel()
    await asyncio.wait([task])

    assert asked == [transport, of_task]


def test_what_has_no_table_is_asked_for_nothing() -> None:
    """A loop of its own kind."""
    assert list(asked_for(object())) == []


class Holder:
    """Holds something, in some way."""

    def __init__(self, held: object) -> None:
        self.held = held


class Slotted:
    """Holds something without a dictionary."""

    __slots__ = ("__weakref__", "held")

    def __init__(self, held: object) -> None:
        self.held = held


def waited_for() -> asyncio.Future[None]:
    """Return a future that somebody waits for."""
    future = asyncio.get_running_loop().create_future()
    future.add_done_callback(lambda _: None)
    return future


@pytest.mark.parametrize(
    "hold",
    [
        Holder,
        Slotted,
        lambda held: Holder(Slotted([held])),
        lambda held: Holder(deque([held])),
        lambda held: Holder({"waiter": (held,)}),
    ],
)
async def test_a_future_that_is_held_is_found(hold: Any) -> None:
    """In whatever the library keeps it."""
    future = waited_for()

    assert awaited_future(hold(future)) is future


async def test_a_future_behind_a_weak_reference_is_found() -> None:
    """The streams of asyncio are held by one."""
    future = waited_for()
    stream = Slotted(future)

    assert awaited_future(Holder(ref(stream))) is future


async def test_a_future_that_nobody_waits_for_does_not_count() -> None:
    """Protocols keep one for their end, for instance."""
    assert awaited_future(Holder(asyncio.get_running_loop().create_future())) is None


async def test_a_future_that_is_done_does_not_count() -> None:
    """Whoever waited for it is about to go on."""
    future = waited_for()
    future.set_result(None)

    assert awaited_future(Holder(future)) is None


async def test_a_task_does_not_count() -> None:
    """It may be waiting for anything."""
    task = asyncio.ensure_future(asyncio.sleep(0))
    task.add_done_callback(lambda _: None)

    assert awaited_future(Holder(task)) is None
    await task


async def test_what_lies_beyond_the_protocol_does_not_count() -> None:
    """Through the loop or a function one gets everywhere."""
    future = waited_for()

    def function() -> object:
        return future

    assert awaited_future(Holder(function)) is None


async def test_a_protocol_that_holds_too_much_is_not_searched_for_ever() -> None:
    """What is so far away is not its own."""
    future = waited_for()
    far: object = future
    for _ in range(20):
        far = Slotted(far)

    assert awaited_future(far) is None
    assert awaited_future([[object() for _ in range(500)], [[[future]]]]) is None


async def test_a_proxy_is_not_asked_for_its_class() -> None:
    """It may refuse outside of a request."""

    class Proxy:
        def __getattribute__(self, name: str) -> Any:
            raise RuntimeError(name)

    assert awaited_future(Holder(Proxy())) is None


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
