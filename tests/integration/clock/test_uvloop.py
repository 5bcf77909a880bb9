"""uvloop, whose time nobody can move."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from understudy.clock import ClockError, RealClock, VirtualClock

uvloop: Any = pytest.importorskip("uvloop")


def test_it_says_so_at_once() -> None:
    """Before half of a test has run on each time."""

    async def main() -> None:
        raise AssertionError

    waiting = main()
    with (
        asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner,
        VirtualClock().running(),
        pytest.raises(ClockError, match=r"uvloop.*--llm-clock=real"),
    ):
        runner.run(waiting)
    waiting.close()


def test_it_runs_on_the_real_clock() -> None:
    """Which needs nothing of it."""
    clock = RealClock()

    async def main() -> float:
        began = clock.now()
        await clock.async_sleep(0.01)
        return clock.now() - began

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        assert runner.run(main()) >= 0.01
