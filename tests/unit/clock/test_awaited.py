"""Whether a task waits for what a protocol is to receive."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import Any
from weakref import ref

import pytest

from understudy.clock._awaited import awaited_future


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
