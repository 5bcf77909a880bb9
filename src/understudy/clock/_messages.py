"""What reaches an event loop from other threads."""

from __future__ import annotations

import asyncio
from asyncio import AbstractEventLoop, BaseEventLoop
from asyncio import futures as asyncio_futures
from concurrent.futures import Future
from contextlib import suppress
from functools import wraps
from threading import get_ident
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable

    from ._futures import FutureTimes
    from ._patches import Patches
    from ._timelines import Timelines
    from ._work import Work

    Function = Callable[..., Any]

_SEND: Final = BaseEventLoop.call_soon_threadsafe
_WRAP_FUTURE: Final = asyncio_futures.wrap_future


class Messages:
    """Lets messages arrive at their time, and counts results that are to come as work."""

    def __init__(
        self,
        lines: Timelines,
        futures: FutureTimes,
        work_of: Callable[[AbstractEventLoop], Work | None],
    ) -> None:
        self._lines = lines
        self._futures = futures
        self._work_of = work_of
        self.functions: list[tuple[Function, Function]] = [
            (_WRAP_FUTURE, self._patched_wrap_future())
        ]

    def apply(self, patches: Patches) -> None:
        """Patch all loops, and `wrap_future`."""
        patches.wrap(BaseEventLoop, "call_soon_threadsafe", self._patched_send)
        for original, replacement in self.functions:
            for owner in (asyncio_futures, asyncio):
                patches.replace(owner, original.__name__, replacement)

    def _patched_send(self, send: Function) -> Function:
        """A message arrives no earlier than it was sent, or than the result that it brings."""

        @wraps(send)
        def call_soon_threadsafe(
            loop: BaseEventLoop, callback: Function, *args: Any, context: Any = None
        ) -> asyncio.Handle:
            sender = self._lines.get(get_ident())
            if sender is None or not self._lines.is_running:
                return send(loop, callback, *args, context=context)  # type: ignore[no-any-return]
            on_report, sender.on_report = sender.on_report, None
            results = [self._futures.done_at(arg) for arg in args if isinstance(arg, Future)]
            message = (max([sender.now, *results]), on_report, callback, args)
            return send(loop, self._arrive, loop, *message, context=context)  # type: ignore[no-any-return]

        return call_soon_threadsafe

    def _arrive(
        self,
        loop: BaseEventLoop,
        moment: float,
        on_report: Callable[[], None] | None,
        callback: Function,
        args: tuple[Any, ...],
    ) -> None:
        if on_report is not None:
            on_report()
        work = self._work_of(loop)
        if work is None or moment <= loop.time():
            callback(*args)
        else:
            work.expect_message()
            loop.call_at(moment, self._arrive_late, work, callback, args)

    def _arrive_late(self, work: Work, callback: Function, args: tuple[Any, ...]) -> None:
        work.receive_message()
        callback(*args)

    def _patched_wrap_future(self) -> Function:
        """A result that is to come is work that the loop waits for."""

        @wraps(_WRAP_FUTURE)
        def wrap_future(
            future: Any, *, loop: AbstractEventLoop | None = None
        ) -> asyncio.Future[Any]:
            wrapped = _WRAP_FUTURE(future, loop=loop)
            work = self._work_of(wrapped.get_loop())
            if isinstance(future, Future) and work is not None:
                self._follow(future, wrapped, work)
            return wrapped

        return wrap_future

    def _follow(self, job: Future[Any], wrapped: asyncio.Future[Any], work: Work) -> None:
        loop: Any = wrapped.get_loop()

        def over(_: object) -> None:
            # Its callbacks are called in order: the loop has been told of the result before.
            with suppress(RuntimeError):  # the loop is closed
                _SEND(loop, work.end, job)

        work.begin(job)
        job.add_done_callback(over)
        wrapped.add_done_callback(lambda _: work.end(job))
