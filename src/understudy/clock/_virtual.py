"""Simulated time."""

from __future__ import annotations

import asyncio
import time
from contextlib import ExitStack, contextmanager
from threading import Lock
from typing import TYPE_CHECKING, Literal

from ..errors import ClockError
from . import _machine as machine
from ._callers import RealTimeCallers
from ._futures import FutureTimes
from ._loops import LoopTimes
from ._patches import Captures, Patches
from ._task_sleep import TrioTime, in_trio, sleep_in_trio, wait_for_loop_time
from ._threads import ThreadTimes
from ._time_functions import TimeFunctions
from ._timelines import Timelines

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


class VirtualClock:
    """Time that passes only when everybody waits for it, and costs nothing.

    While it runs, event loops of asyncio and the functions of the `time` module are on it, in
    every thread. Without a loop each thread has a time line of its own.

    Args:
        patience: real seconds for which simulated time stands still beside real work that is
            new; later it keeps the pace of the machine.
        real_time_for: names of packages whose calls of `time` functions are told the real time,
            beside the standard library's, pytest's and the drivers of databases.
    """

    name: Literal["real", "virtual"] = "virtual"

    def __init__(self, *, patience: float = 1.0, real_time_for: Iterable[str] = ()) -> None:
        self._lines = Timelines(machine.monotonic())
        self._lock = Lock()
        self._depth = 0
        self._undo = ExitStack()
        self._trio = TrioTime()
        callers = RealTimeCallers(real_time_for)
        self._functions = TimeFunctions(self.now, self.sleep, lines=self._lines, callers=callers)
        self._futures = FutureTimes(self._lines)
        self._loops = LoopTimes(self._lines, self._futures, patience=patience)
        named = [(getattr(machine, name), new) for name, new in self._functions.by_name.items()]
        self._captures = Captures(
            [*named, *self._futures.functions, *self._loops.functions], callers
        )
        self.wall = machine.real_time

    @property
    def is_running(self) -> bool:
        """Whether the clock is in force."""
        return self._lines.is_running

    @property
    def waited(self) -> float:
        """Real seconds that event loops waited for threads and sockets so far."""
        return self._loops.waited

    def now(self) -> float:
        """Return the simulated seconds of this thread."""
        line = self._lines.here()
        if in_trio():
            line.move_to(self._trio.on_line(line.now))
        return line.now

    def time(self) -> float:
        """Return the simulated seconds since the epoch, or what somebody has frozen them to."""
        return time.time() if self.is_running else self._functions.epoch_now()

    def advance(self, seconds: float) -> None:
        """Let `seconds` pass for this thread; timers of its loop fire at the loop's next turn."""
        self._lines.here().now += _checked(seconds)

    def sleep(self, seconds: float) -> None:
        """Let `seconds` pass for this thread, and let other threads have their turn."""
        self.advance(seconds)
        self._give_way()

    def sleep_until(self, moment: float) -> None:
        """Move this thread on to `moment`."""
        self._lines.here().move_to(moment)
        self._give_way()

    async def async_sleep(self, seconds: float) -> None:
        """Suspend this task for `seconds`.

        Raises:
            ClockError: the clock does not run, or cannot move the time of this event loop.
        """
        await self.async_sleep_until(self.now() + _checked(seconds))

    async def async_sleep_until(self, moment: float) -> None:
        """Suspend this task until `moment`.

        Raises:
            ClockError: the clock does not run, or cannot move the time of this event loop.
        """
        if not self.is_running:
            msg = "this virtual clock does not run: use it inside `with clock.running()`"
            raise ClockError(msg)
        if in_trio():
            await sleep_in_trio(moment - self.now())
            return
        self._loops.work()
        if moment > self.now():
            await wait_for_loop_time(asyncio.get_running_loop(), moment)

    @contextmanager
    def real_work(self) -> Iterator[None]:
        """Let time stand still while this task awaits something that no clock knows of.

        Jobs of executors, sockets, child processes and anyio's threads are known.
        """
        with self._loops.work().awaiting():
            yield

    @contextmanager
    def running(self) -> Iterator[VirtualClock]:
        """Put the clock in force; it goes on from where it stood, and may be entered again.

        Raises:
            ClockError: another virtual clock runs.
        """
        with self._lock:
            if not self._depth:
                self._take_over()
            self._depth += 1
        try:
            yield self
        finally:
            with self._lock:
                self._depth -= 1
                if not self._depth:
                    self._undo.close()

    def _give_way(self) -> None:
        """Let other threads of the clock have their turn: one may be polled."""
        toll = self._lines.toll()
        if toll or len(self._lines) > 1:
            machine.sleep(toll)

    def _take_over(self) -> None:
        if isinstance(getattr(time.sleep, "__self__", None), TimeFunctions):
            msg = "another virtual clock runs: there is one time, and one clock for it"
            raise ClockError(msg)
        self._lines.restart(machine.monotonic())
        self._functions.begin()
        patches = Patches()
        with ExitStack() as undo:
            undo.callback(self._loops.give_back)
            undo.callback(patches.undo)
            undo.callback(self._captures.restore)
            undo.callback(self._lines.stop)
            ThreadTimes(self._lines).apply(patches)
            self._futures.apply(patches)
            self._loops.apply(patches)
            for name, function in self._functions.by_name.items():
                patches.replace(time, name, function)
            self._captures.replace()
            self._undo = undo.pop_all()


def _checked(seconds: float) -> float:
    if not seconds >= 0:
        msg = f"time only passes forwards, not by {seconds!r} seconds"
        raise ValueError(msg)
    return seconds
