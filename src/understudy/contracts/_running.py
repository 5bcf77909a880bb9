"""Runs a check in an event loop of its own, in simulated time, and ends one that hangs."""

from __future__ import annotations

import asyncio
from contextlib import AbstractContextManager, contextmanager, nullcontext
from threading import Timer
from typing import TYPE_CHECKING

from ..clock import VirtualClock

if TYPE_CHECKING:
    from collections.abc import Coroutine, Iterator

    from ..clock import RealClock
    from ._rig import Rig


def run(rig: Rig, check: Coroutine[None, None, None]) -> None:
    """Run a check to its end.

    Raises:
        AssertionError: it failed, or did not end.
        Lacks: the router lacks what it is about.
    """
    with _in_force(rig.clock), asyncio.Runner() as runner:
        runner.run(_watched(rig, check))


def _in_force(clock: RealClock | VirtualClock) -> AbstractContextManager[object]:
    return clock.running() if isinstance(clock, VirtualClock) else nullcontext()


async def _watched(rig: Rig, check: Coroutine[None, None, None]) -> None:
    task = asyncio.current_task()
    assert task is not None
    try:
        with _watchdog(task, rig.patience):
            await check
    finally:
        await rig.close()


@contextmanager
def _watchdog(task: asyncio.Task[None], seconds: float) -> Iterator[None]:
    """Cancel a task that takes longer than some seconds of the machine's time."""
    loop = task.get_loop()
    timer = Timer(seconds, lambda: loop.call_soon_threadsafe(task.cancel))
    timer.daemon = True
    timer.start()
    try:
        yield
    except asyncio.CancelledError:
        msg = (
            f"the check did not come to its end in {seconds:g} seconds: the router waits for"
            " something that never happens, as an answer that was given up"
        )
        raise AssertionError(msg) from None
    finally:
        timer.cancel()
