"""Coroutines that wait for a thread or a process by ways of their own."""

from __future__ import annotations

import asyncio
import sys
import time
from types import ModuleType
from typing import TYPE_CHECKING, Any

import anyio.to_thread
import pytest

from understudy.clock import RealClock, VirtualClock
from understudy.clock._bridges import Bridges
from understudy.clock._patches import Patches
from understudy.clock._timelines import Timelines
from understudy.clock._work import Work

if TYPE_CHECKING:
    from collections.abc import Callable


async def test_a_thread_of_anyio_takes_no_simulated_time(
    virtual: VirtualClock, real: RealClock
) -> None:
    """Sync endpoints of Starlette run in one."""
    before = virtual.now()

    with anyio.fail_after(5):
        await anyio.to_thread.run_sync(real.sleep, 0.05)

    assert virtual.now() == before


async def test_a_thread_of_anyio_takes_what_it_sleeps(virtual: VirtualClock) -> None:
    """Each job from the loop's time on, whichever thread does it."""
    lasted = []
    for _ in range(3):
        began = virtual.now()
        await anyio.to_thread.run_sync(time.sleep, 3)
        lasted.append(virtual.now() - began)

    assert lasted == pytest.approx([3, 3, 3])


async def test_anyios_limit_of_threads_counts_in_simulated_time(virtual: VirtualClock) -> None:
    """Four jobs, two at a time."""
    limit = anyio.CapacityLimiter(2)
    began = virtual.now()

    await asyncio.gather(
        *[anyio.to_thread.run_sync(time.sleep, 3, limiter=limit) for _ in range(4)]
    )

    assert virtual.now() - began == pytest.approx(6)


async def test_what_a_thread_of_anyio_raises_arrives(virtual: VirtualClock) -> None:
    """At its time."""
    began = virtual.now()

    def fail() -> None:
        time.sleep(2)
        raise LookupError

    with pytest.raises(LookupError):
        await anyio.to_thread.run_sync(fail)

    assert virtual.now() - began == pytest.approx(2)


@pytest.mark.parametrize("way", ["communicate", "wait"])
async def test_a_child_process_takes_no_simulated_time(virtual: VirtualClock, way: str) -> None:
    """The machine runs it."""
    before = virtual.now()
    process = await asyncio.create_subprocess_exec("sleep", "0.05")

    await asyncio.wait_for(getattr(process, way)(), 5)

    assert virtual.now() == before
    assert process.returncode == 0


async def test_real_work_can_be_declared(virtual: VirtualClock, real: RealClock) -> None:
    """For whatever tells its end in a way that nobody knows."""
    loop, done = asyncio.get_running_loop(), asyncio.Event()

    def work() -> None:
        real.sleep(0.05)
        loop.call_soon_threadsafe(done.set)

    with virtual.real_work():
        loop.run_in_executor(None, work).cancel()
        task = asyncio.ensure_future(asyncio.wait_for(done.wait(), 5))
        loop.run_in_executor(None, work)
        await task


@pytest.fixture
def library(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A module that is patched when it is imported."""

    class Connection:
        async def _connect(self) -> str:
            return "connected"

        async def _execute(self) -> str:
            return "executed"

        async def close(self) -> str:
            return "closed"

    module: Any = ModuleType("aiosqlite.core")
    module.Connection = Connection
    monkeypatch.setitem(sys.modules, "aiosqlite.core", module)
    return module


async def test_a_library_is_patched_once(library: Any) -> None:
    """However often is looked."""
    patches, work, lines = Patches(), Work(object()), Timelines(0.0)
    lines.is_running = True
    bridges = Bridges(lambda: work, lines, patches)
    bridges.apply()
    patched = library.Connection._execute

    bridges._modules = 0
    bridges.apply()
    again = library.Connection._execute
    patches.undo()

    assert patched is again is not library.Connection._execute


@pytest.fixture
def without_aiosqlite(monkeypatch: pytest.MonkeyPatch) -> None:
    """The library is not imported yet, whatever other tests did."""
    monkeypatch.delitem(sys.modules, "aiosqlite.core", raising=False)


@pytest.mark.usefixtures("without_aiosqlite", "virtual")
async def test_a_library_that_is_imported_later_is_met(library: Any) -> None:
    """At the next turn of the loop."""
    original = library.Connection._execute

    await asyncio.sleep(0)

    assert library.Connection._execute is not original
    assert await library.Connection()._execute() == "executed"


async def test_a_bridge_that_was_kept_does_nothing_afterwards(library: Any) -> None:
    """The clock that it belonged to has stopped."""
    with VirtualClock().running():
        kept: Callable[..., Any] = library.Connection._execute
        thread: Callable[..., Any] = anyio.to_thread.run_sync
        method = anyio._backends._asyncio.AsyncIOBackend.run_sync_in_worker_thread  # type: ignore[attr-defined]

    assert await kept(library.Connection()) == "executed"
    assert await method(len, ("four",)) == 4
    assert await thread(len, "four") == 4
