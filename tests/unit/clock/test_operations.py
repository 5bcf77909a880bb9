"""What an event loop has asked the machine for."""

from __future__ import annotations

import asyncio
import socket
from typing import Any

from understudy.clock._operations import asked_for


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
