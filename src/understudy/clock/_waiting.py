"""Waiting for a moment of the event loop."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import asyncio


async def wait_for_loop_time(loop: asyncio.AbstractEventLoop, moment: float) -> None:
    """Suspend this task until `loop.time()` has reached `moment`.

    `asyncio.sleep` takes a delay, which would be added to a time that has moved on meanwhile.
    """
    future = loop.create_future()
    timer = loop.call_at(moment, _wake, future)
    try:
        await future
    finally:
        timer.cancel()


def _wake(future: asyncio.Future[None]) -> None:
    if not future.done():
        future.set_result(None)
