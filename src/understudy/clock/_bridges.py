"""Coroutines that wait for a thread or a process by ways of their own."""

from __future__ import annotations

import asyncio
import sys
from contextlib import asynccontextmanager, nullcontext, suppress
from functools import partial, wraps
from importlib import import_module
from threading import Lock
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from ._patches import Patches
    from ._timelines import Timelines
    from ._work import Work

    Function = Callable[..., Any]

# Module, class, methods.
_BRIDGES: Final = (
    ("aiosqlite.core", "Connection", ("_connect", "_execute", "close")),
    ("asyncio.base_events", "BaseEventLoop", ("shutdown_default_executor",)),
    ("asyncio.subprocess", "Process", ("communicate", "wait")),
)
_WORKER_THREADS: Final = ("anyio._backends._asyncio", "AsyncIOBackend", "run_sync_in_worker_thread")
# anyio loads its asyncio half when it is first used, which would be too late.
_LOADED_LATE: Final = ("anyio", "anyio._backends._asyncio")


class Bridges:
    """Counts what such coroutines wait for as work of the loop."""

    def __init__(self, work: Callable[[], Work | None], lines: Timelines, patches: Patches) -> None:
        self._work = work
        self._lines = lines
        self._patches = patches
        self._done: set[str] = set()
        self._modules = 0
        self._lock = Lock()

    def apply(self) -> None:
        """Patch what is imported by now."""
        if len(sys.modules) != self._modules and self._lines.is_running:
            with self._lock:
                self._apply()
            self._modules = len(sys.modules)

    def _apply(self) -> None:
        library, half = _LOADED_LATE
        if library in sys.modules:
            with suppress(ImportError):
                import_module(half)
        for module, name, methods in _BRIDGES:
            if (owner := self._find(module, name)) is not None:
                for method in methods:
                    self._patches.replace(owner, method, self._counted(getattr(owner, method)))
        module, name, method = _WORKER_THREADS
        if (owner := self._find(module, name)) is not None:
            patched = classmethod(self._until_reported(vars(owner)[method].__func__))
            self._patches.replace(owner, method, patched)

    def _find(self, module: str, name: str) -> Any:
        """Return a class of a module that is imported and was not patched before."""
        if module in self._done or module not in sys.modules:
            return None
        self._done.add(module)
        return getattr(sys.modules[module], name, None)

    def _counted(self, method: Function) -> Function:
        @wraps(method)
        async def counted(*args: Any, **kwargs: Any) -> Any:
            work = self._work()
            with work.awaiting() if work is not None else nullcontext():
                return await method(*args, **kwargs)

        return counted

    def _until_reported(self, run_in_thread: Function) -> Function:
        """Count until the thread says so; the job begins at the loop's time."""

        @wraps(run_in_thread)
        async def until_reported(
            cls: Any, func: Function, args: Any, *options: Any, limiter: Any = None, **more: Any
        ) -> Any:
            work, job = self._work(), object()
            if work is None:
                return await run_in_thread(cls, func, args, *options, limiter=limiter, **more)
            timed = self._timed(func, partial(work.end, job))
            limit = _beginning(limiter or cls.current_default_thread_limiter(), work, job)
            try:
                return await run_in_thread(cls, timed, args, *options, limiter=limit, **more)
            finally:
                work.end(job)

        return until_reported

    def _timed(self, func: Function, over: Callable[[], None]) -> Function:
        loop = asyncio.get_running_loop()

        def timed(*args: Any) -> Any:
            line = self._lines.here()
            # Time stands still while the thread wakes up: it is work.
            line.start_over(loop.time())
            try:
                return func(*args)
            finally:
                line.on_report = over

        return timed


@asynccontextmanager
async def _beginning(limiter: Any, work: Work, job: object) -> AsyncIterator[None]:
    """Wait for a free thread, which is no work yet."""
    async with limiter:
        work.begin(job)
        yield
