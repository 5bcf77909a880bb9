"""Futures of `concurrent.futures`, and the jobs of thread pools."""

from __future__ import annotations

import concurrent.futures
import heapq
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, _base
from functools import wraps
from math import inf
from threading import Lock
from typing import TYPE_CHECKING, Any, Final
from weakref import WeakKeyDictionary

from . import _machine as machine

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from ._patches import Patches
    from ._timelines import Timeline, Timelines

    AnyFuture = Future[Any]
    Function = Callable[..., Any]

_POLL: Final = 0.0005
# A job that runs for longer waits for something itself; others do not wait for it.
_PATIENCE: Final = 0.25


class PoolTime:
    """The simulated workers of a pool: a job begins when the first of them is free.

    The real threads do not matter: one may do in no time what eight would do in parallel.
    """

    def __init__(self, workers: int) -> None:
        self._free = [-inf] * workers
        self._running: dict[Timeline, float] = {}
        self._lock = Lock()

    def begin(self, line: Timeline, submitted: float) -> None:
        """Put `line` to the moment at which a job that was submitted then begins."""
        while not self._begin_if_known(line, submitted):
            machine.sleep(_POLL)

    def end(self, line: Timeline) -> None:
        """The job of `line` is over: its worker is free."""
        with self._lock:
            del self._running[line]
            heapq.heappush(self._free, line.now)

    def _begin_if_known(self, line: Timeline, submitted: float) -> bool:
        with self._lock:
            first_free = self._free[0] if self._free else -inf
            now = machine.monotonic()
            running = self._running.items()
            # A running job that can still end before would free its worker earlier.
            if any(one.now < first_free and now - began <= _PATIENCE for one, began in running):
                return False
            if self._free:
                heapq.heappop(self._free)
            line.start_over(max(first_free, submitted))
            self._running[line] = now
            return True


_WAIT: Final = concurrent.futures.wait
_AS_COMPLETED: Final = concurrent.futures.as_completed


class FutureTimes:
    """Follows jobs of thread pools and results of futures. Their timeouts are real.

    `functions` are those that are replaced wherever they were imported, with the replacements.
    """

    def __init__(self, lines: Timelines) -> None:
        self._lines = lines
        self._done: WeakKeyDictionary[AnyFuture, float] = WeakKeyDictionary()
        self._pools: WeakKeyDictionary[ThreadPoolExecutor, PoolTime] = WeakKeyDictionary()
        self.functions: list[tuple[Function, Function]] = [
            (_WAIT, self._patched_wait()),
            (_AS_COMPLETED, self._patched_as_completed()),
        ]

    def done_at(self, future: AnyFuture) -> float:
        """Return the simulated moment at which `future` was done."""
        return self._done.get(future, self._lines.start)

    def apply(self, patches: Patches) -> None:
        """Patch futures, thread pools and the functions that wait for futures."""
        for setter in ("set_result", "set_exception"):
            patches.wrap(Future, setter, self._patched_setter)
        for getter in ("result", "exception"):
            patches.wrap(Future, getter, self._patched_getter)
        patches.wrap(ThreadPoolExecutor, "submit", self._patched_submit)
        for original, replacement in self.functions:
            for owner in (_base, concurrent.futures):
                patches.replace(owner, original.__name__, replacement)

    def _patched_setter(self, setter: Function) -> Function:
        @wraps(setter)
        def patched(future: AnyFuture, value: object) -> None:
            self._done[future] = self._lines.here().now
            setter(future, value)

        return patched

    def _patched_getter(self, getter: Function) -> Function:
        @wraps(getter)
        def patched(future: AnyFuture, timeout: float | None = None) -> object:
            try:
                with self._lines.waiting():
                    return getter(future, timeout)
            finally:
                self._catch_up(future)

        return patched

    def _patched_wait(self) -> Function:
        @wraps(_WAIT)
        def wait(
            fs: Iterable[AnyFuture],
            timeout: float | None = None,
            return_when: str = concurrent.futures.ALL_COMPLETED,
        ) -> object:
            with self._lines.waiting() as line:
                waited = _WAIT(fs, timeout, return_when)
            if waited.done:
                wanted = min if return_when == FIRST_COMPLETED else max
                line.move_to(wanted(map(self.done_at, waited.done)))
            return waited

        return wait

    def _patched_as_completed(self) -> Function:
        @wraps(_AS_COMPLETED)
        def as_completed(
            fs: Iterable[AnyFuture], timeout: float | None = None
        ) -> Iterator[AnyFuture]:
            for future in _AS_COMPLETED(fs, timeout):
                self._catch_up(future)
                yield future

        return as_completed

    def _catch_up(self, future: AnyFuture) -> None:
        self._lines.here().move_to(self.done_at(future))

    def _patched_submit(self, submit: Function) -> Function:
        @wraps(submit)
        def patched(
            executor: ThreadPoolExecutor, fn: Function, /, *args: Any, **kwargs: Any
        ) -> AnyFuture:
            job = self._timed(executor, fn) if self._lines.is_running else fn
            future: AnyFuture = submit(executor, job, *args, **kwargs)
            return future

        return patched

    def _timed(self, executor: ThreadPoolExecutor, job: Function) -> Function:
        workers = executor._max_workers  # noqa: SLF001
        pool = self._pools.setdefault(executor, PoolTime(workers))
        submitted = self._lines.here().now

        def timed(*args: Any, **kwargs: Any) -> object:
            line = self._lines.here()
            pool.begin(line, submitted)
            try:
                return job(*args, **kwargs)
            finally:
                pool.end(line)

        return timed
