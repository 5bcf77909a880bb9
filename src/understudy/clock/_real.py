"""The time of the machine, and what whoever needs the time asks of any clock."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from functools import partial
from operator import methodcaller
from typing import TYPE_CHECKING, Final, Literal, NoReturn, Protocol

from ..errors import ClockError
from . import _machine as machine
from ._task_sleep import in_trio, sleep_in_trio, wait_for_loop_time

if TYPE_CHECKING:
    from collections.abc import Callable


class Clock(Protocol):
    """Tells the time and waits for it. `name` is what events say about it.

    Moments are seconds on the clock's own scale, as `now()` tells them. Waiting until moments
    that were fixed beforehand, and not for one delay after another, keeps errors from adding up.
    A moment that has passed is not waited for.
    """

    name: Literal["real", "virtual"]

    def now(self) -> float:
        """Return seconds that only ever grow, from an arbitrary start."""

    def time(self) -> float:
        """Return seconds since the epoch as `time.time()` tells them to the code under test."""

    def wall(self) -> float:
        """Return the real seconds since the epoch, in UTC: what is stored."""

    def sleep(self, seconds: float) -> None:
        """Block this thread for `seconds`."""

    def sleep_until(self, moment: float) -> None:
        """Block this thread until `now()` has reached `moment`, never returning earlier."""

    async def async_sleep(self, seconds: float) -> None:
        """Suspend this task for `seconds`."""

    async def async_sleep_until(self, moment: float) -> None:
        """Suspend this task until `now()` has reached `moment`, never returning earlier."""


# Event loops wake up to a tick late: one millisecond (epoll), 16 (Windows).
_TICK: Final = max(0.0012, 1.1 * time.get_clock_info("monotonic").resolution)
# Longer and the other tasks of the loop would feel it, shorter and it would cost more CPU.
_NAP: Final = 0.0001


class RealClock:
    """The time of the machine, at its highest resolution."""

    name: Literal["real", "virtual"] = "real"

    def __init__(self) -> None:
        self.now = machine.perf_counter
        self.wall = machine.real_time
        #: What `time.time()` tells at this moment, frozen or moved by whomever.
        self.time: Callable[[], float] = partial(methodcaller("time"), time)

    def advance(self, seconds: float) -> NoReturn:
        """Refuse: the time of the machine passes by itself.

        Raises:
            ClockError: always.
        """
        msg = (
            f"the machine's clock cannot be advanced by {seconds!r} seconds:"
            " run the test with --llm-clock=virtual"
        )
        raise ClockError(msg)

    def sleep(self, seconds: float) -> None:
        """Block this thread for `seconds`."""
        machine.sleep(seconds)

    def sleep_until(self, moment: float) -> None:
        """Block this thread until `moment`."""
        while (left := moment - self.now()) > 0:
            machine.sleep(left)

    async def async_sleep(self, seconds: float) -> None:
        """Suspend this task for `seconds`."""
        await self.async_sleep_until(self.now() + seconds)

    async def async_sleep_until(self, moment: float) -> None:
        """Suspend this task until `moment`.

        The loop is asked for a tick less; what is left passes in naps, with a turn of the loop
        for the other tasks between them.
        """
        if in_trio():
            await sleep_in_trio(moment - self.now())
            return
        import asyncio  # noqa: PLC0415 - whoever awaits has it; commands do without

        loop = asyncio.get_running_loop()
        left = moment - self.now()
        if left > _TICK:
            await wait_for_loop_time(loop, loop.time() + left - _TICK)
        while (left := moment - self.now()) > 0:
            machine.sleep(min(left, _NAP))
            await asyncio.sleep(0)


def utc_now() -> datetime:
    """Return the time of day, of the machine also where a test simulates it."""
    return datetime.fromtimestamp(machine.real_time(), UTC)
