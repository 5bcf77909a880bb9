"""Waiting for a moment of the event loop."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from understudy.clock._waiting import wait_for_loop_time

if TYPE_CHECKING:
    from understudy.clock import VirtualClock


async def test_the_loop_is_at_the_moment(virtual: VirtualClock) -> None:
    """Exactly, with no delay added to a time that has moved on."""
    loop = asyncio.get_running_loop()
    moment = loop.time() + 1.5

    await wait_for_loop_time(loop, moment)

    assert loop.time() == moment


async def test_who_gives_up_leaves_no_timer(virtual: VirtualClock) -> None:
    """A cancelled stream does not keep the loop busy."""
    loop: Any = asyncio.get_running_loop()
    waiting = asyncio.ensure_future(wait_for_loop_time(loop, loop.time() + 60))
    await asyncio.sleep(0)

    waiting.cancel()
    await asyncio.wait([waiting])

    assert all(timer.cancelled() for timer in loop._scheduled)


async def test_cancelling_at_the_very_moment_is_cancelling(virtual: VirtualClock) -> None:
    """The timer finds the future cancelled and leaves it so."""
    loop = asyncio.get_running_loop()
    moment = loop.time() + 1
    waiting = asyncio.ensure_future(wait_for_loop_time(loop, moment))
    loop.call_at(moment, waiting.cancel)

    await asyncio.wait([waiting])

    assert waiting.cancelled()
