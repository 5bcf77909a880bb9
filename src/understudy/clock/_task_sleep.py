"""Waiting for a moment inside a task: of asyncio's loop, or under trio."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

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


def in_trio() -> bool:
    """Return whether the code runs in a task of trio; imports nothing."""
    lowlevel = sys.modules.get("trio.lowlevel")
    return lowlevel is not None and bool(lowlevel.in_trio_task())


async def sleep_in_trio(seconds: float) -> None:
    """Suspend this task for `seconds` on trio's clock."""
    import trio  # noqa: PLC0415 - it is imported, and optional

    await trio.sleep(max(0.0, seconds))


class TrioTime:
    """Maps the clock of each run of trio to a time line."""

    def __init__(self) -> None:
        self._offsets: WeakKeyDictionary[Any, float] = WeakKeyDictionary()

    def on_line(self, now: float) -> float:
        """Return trio's current time, where a run that is met first began at `now`."""
        import trio  # noqa: PLC0415 - it is imported, and optional

        current = trio.current_time()
        root = trio.lowlevel.current_root_task()
        return current + self._offsets.setdefault(root, now - current)
