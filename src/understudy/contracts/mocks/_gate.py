"""A gate before a provider: calls arrive, are counted, and wait until they are let in."""

from __future__ import annotations

import asyncio
from threading import Condition, Event
from typing import TYPE_CHECKING, Final

from ...clock import RealClock

if TYPE_CHECKING:
    from collections.abc import Callable

#: Real seconds for which a test waits for calls to arrive.
_PATIENCE: Final = 5.0
_NAP: Final = 0.0005


class Gate:
    """Holds calls of threads and of tasks back while it is closed; open at first.

    `count` is how many have arrived so far, `leavers` how many gave up while they waited.
    """

    def __init__(self) -> None:
        self.count = 0
        self.leavers = 0
        self._is_held = False
        self._lock = Condition()
        self._waiting: list[Callable[[], None]] = []

    def hold(self) -> None:
        """Let nobody in from now on."""
        with self._lock:
            self._is_held = True

    def release(self) -> None:
        """Let everybody in who waits, and who comes."""
        with self._lock:
            self._is_held = False
            waiting, self._waiting = self._waiting, []
        for wake in waiting:
            wake()

    def arrived(self, number: int, *, within: float = _PATIENCE) -> None:
        """Block until so many calls have arrived, in all.

        Raises:
            AssertionError: they did not, `within` real seconds.
        """
        with self._lock:
            self._lock.wait_for(lambda: self.count >= number, within)
        self.check(number)

    async def async_arrived(self, number: int, *, within: float = _PATIENCE) -> None:
        """Wait until so many calls have arrived, in all; simulated time does not pass.

        Raises:
            AssertionError: they did not, `within` real seconds.
        """
        clock = RealClock()
        end = clock.now() + within
        while self.count < number and clock.now() < end:
            await asyncio.sleep(0)
            clock.sleep(_NAP)
        self.check(number)

    def enter(self) -> None:
        """Arrive, and block while the gate is closed."""
        woken = Event()
        if self._arrive(woken.set):
            woken.wait()

    async def async_enter(self) -> None:
        """Arrive, and wait while the gate is closed."""
        loop = asyncio.get_running_loop()
        woken = asyncio.Event()
        if not self._arrive(lambda: loop.call_soon_threadsafe(woken.set)):
            return
        try:
            await woken.wait()
        except asyncio.CancelledError:
            with self._lock:
                self.leavers += 1
            raise

    def check(self, number: int) -> None:
        """Raise an AssertionError where fewer calls have arrived, in all."""
        if self.count < number:
            msg = f"{number} calls were to arrive, {self.count} did."
            raise AssertionError(msg)

    def _arrive(self, wake: Callable[[], object]) -> bool:
        """Count an arrival; tell whether it has to wait."""
        with self._lock:
            self.count += 1
            self._lock.notify_all()
            if self._is_held:
                self._waiting.append(lambda: _woken(wake))
            return self._is_held


def _woken(wake: Callable[[], object]) -> None:
    try:
        wake()
    except RuntimeError:  # its loop was closed meanwhile: nobody waits any more
        return
