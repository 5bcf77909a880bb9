"""Event loops of asyncio, whoever made them and whenever."""

# ruff: noqa: SLF001 - asyncio has no public seam for its time

from __future__ import annotations

import asyncio
import sys
from asyncio import AbstractEventLoop, BaseEventLoop
from contextlib import suppress
from functools import wraps
from threading import get_ident
from typing import TYPE_CHECKING, Any, Final, NoReturn
from weakref import WeakSet

from ..errors import ClockError
from ._bridges import Bridges
from ._loop_time import LoopTime
from ._messages import Messages

if TYPE_CHECKING:
    from collections.abc import Callable

    from ._futures import FutureTimes
    from ._patches import Patches
    from ._timelines import Timelines
    from ._work import Work

    Function = Callable[..., Any]

_FOREIGN: Final = ("uvloop", "winloop")


def _refused(loop: object) -> ClockError:
    kind = type(loop)
    return ClockError(
        f"the virtual clock cannot move the time of {kind.__module__}.{kind.__qualname__}."
        " Run this test on asyncio's own event loop, or on the real clock (--llm-clock=real)."
    )


def _refuse(loop: Any) -> NoReturn:
    raise _refused(loop)


_ATTRIBUTE: Final = "_understudy_time"
_REAL_TIME: Final = BaseEventLoop.time


class LoopTimes:
    """Gives every event loop that turns while it is in force a simulated time.

    `functions` are those that are replaced, each with its replacement; `waited` is for how many
    real seconds they waited for real work.
    """

    def __init__(self, lines: Timelines, futures: FutureTimes, *, patience: float) -> None:
        self._lines = lines
        self._patience = patience
        self._loops: WeakSet[BaseEventLoop] = WeakSet()
        self._messages = Messages(lines, futures, self.work_of)
        self.functions = self._messages.functions
        self.waited = 0.0

    def apply(self, patches: Patches) -> None:
        """Patch all loops, present and future."""
        # Foreign loops say so when they start: half a test on each time would mislead.
        for name in _FOREIGN:
            if (kind := getattr(sys.modules.get(name), "Loop", None)) is not None:
                patches.replace(kind, "run_forever", _refuse)
        self._bridges = Bridges(self._work_here, self._lines, patches)
        self._bridges.apply()
        self._messages.apply(patches)
        patches.wrap(BaseEventLoop, "time", self._patched_time)

    def work(self) -> Work:
        """Return the work of the running loop.

        Raises:
            ClockError: the time of that loop cannot be simulated.
        """
        work = self._work_here()
        if work is None:
            raise _refused(asyncio.get_running_loop())
        return work

    def work_of(self, loop: AbstractEventLoop) -> Work | None:
        """Return the work of a loop whose time is simulated."""
        loop.time()
        time = vars(loop).get(_ATTRIBUTE) if isinstance(loop, BaseEventLoop) else None
        return None if time is None else time.work

    def _work_here(self) -> Work | None:
        return self.work_of(asyncio.get_running_loop())

    def give_back(self) -> None:
        """Leave all loops as they were found; one that runs in another thread does it itself."""
        for loop in list(self._loops):
            time: LoopTime = vars(loop).pop(_ATTRIBUTE)
            if _is_elsewhere(loop):
                with suppress(RuntimeError):  # it was closed in this moment
                    loop.call_soon_threadsafe(self._give_back, loop, time)
            elif not loop.is_closed():
                self._give_back(loop, time)
        self._loops.clear()

    def _give_back(self, loop: BaseEventLoop, time: LoopTime) -> None:
        time.give_back(_REAL_TIME(loop))

    def _patched_time(self, real_time: Function) -> Function:
        lines = self._lines

        @wraps(real_time)
        def time(loop: Any) -> float:
            if not lines.is_running:
                return real_time(loop)  # type: ignore[no-any-return]
            if _ATTRIBUTE not in vars(loop):
                self._adopt(loop)
            return lines[loop._thread_id or get_ident()].now

        return time

    def _adopt(self, loop: Any) -> None:
        if getattr(loop, "_selector", None) is None or _is_elsewhere(loop):
            return
        time = LoopTime(
            loop,
            self._lines,
            patience=self._patience,
            on_turn=self._bridges.apply,
            on_wait=self._note_waiting,
        )
        vars(loop)[_ATTRIBUTE] = time
        self._loops.add(loop)
        time.take_over(_REAL_TIME(loop))

    def _note_waiting(self, seconds: float) -> None:
        self.waited += seconds


def _is_elsewhere(loop: Any) -> bool:
    """Return whether `loop` runs in another thread."""
    return loop._thread_id not in (None, get_ident())
