"""The time of one event loop, and how far one in the background may run ahead."""

# ruff: noqa: SLF001 - asyncio has no public seam for its time

from __future__ import annotations

import sys
from dataclasses import dataclass
from math import ulp
from threading import get_ident
from typing import TYPE_CHECKING, Any, Final

from . import _machine as machine
from ._work import Work

if TYPE_CHECKING:
    from collections.abc import Callable

    from ._timelines import Timelines

# A throttled loop runs at most so much faster than the machine's time.
_SPEED: Final = 50
_SHORTEST: Final = 0.002
_LONGEST: Final = 0.25
# A test may be busy with waiting for what the loop does, in a way that nobody knows of.
_PATIENCE: Final = 1.0


@dataclass(frozen=True, slots=True)
class Look:
    """For how many real seconds to look, and what the test was doing and at what time before."""

    seconds: float
    place: tuple[int, int] | None
    now: float


class LoopThrottle:
    """Keeps a loop of another thread from idling away time while the test is busy.

    A server in a thread has timers for idle connections, and some a heartbeat. In simulated time
    they would fire as soon as it has answered, and close the connection that the test is about to
    use again. So such a loop moves on only when the thread of the test does nothing for a while
    or sleeps itself, or somebody is known to wait for what the loop does.
    """

    def __init__(self, lines: Timelines, selector: Any) -> None:
        self._lines = lines
        self._selector = selector
        self._held = 0.0

    def look(self, delay: float) -> Look | None:
        """Return how to look before moving by `delay`; None where this loop is free to move."""
        if self._lines.is_home() or (self._lines.is_free() and not self._has_sockets()):
            return None
        return Look(min(max(delay / _SPEED, _SHORTEST), _LONGEST), *self._foreground())

    def holds(self, look: Look) -> bool:
        """Return whether the test was busy during the look."""
        self._held += look.seconds
        place, now = self._foreground()
        if place == look.place or now != look.now or self._held > _PATIENCE:
            self._held = 0.0
            return False
        return True

    def _foreground(self) -> tuple[tuple[int, int] | None, float]:
        home = self._lines.home
        frame = sys._current_frames().get(home)
        return frame and (id(frame), frame.f_lasti), self._lines[home].now

    def _has_sockets(self) -> bool:
        # The only one is the loop's own.
        return not hasattr(self._selector, "get_map") or len(self._selector.get_map()) > 1


class LoopTime:
    """Moves the simulated time to the loop's next timer when nothing real is going on.

    Stands between the loop and its selector. The loop asks the selector to wait only when no
    callback is ready, so that is the moment to let time pass instead.

    While a job runs in a thread, or a task waits for a socket, time stands still for `patience`
    real seconds, and goes on at the pace of the machine's time after that: what is quick takes no
    simulated time, and what never ends still lets timers fire, in order, at their own moments.
    """

    def __init__(
        self,
        loop: Any,
        lines: Timelines,
        *,
        patience: float,
        on_turn: Callable[[], None],
        on_wait: Callable[[float], None],
    ) -> None:
        self._loop = loop
        self._lines = lines
        self._patience = patience
        self._on_turn = on_turn
        self._on_wait = on_wait
        self._selector = loop._selector
        self._poll = loop._selector.select
        self._resolution = loop._clock_resolution
        # Real seconds that passed in waiting since the time was last moved.
        self._waited = 0.0
        self._throttle = LoopThrottle(lines, self._selector)
        self.work = Work(self._selector)

    def take_over(self, real_time: float) -> None:
        """Begin to stand in; timers that are set keep the delay that is left of them."""
        self._selector.select = self._select
        self._shift_timers(self._now() - real_time)

    def give_back(self, real_time: float) -> None:
        """Leave the loop as it was found."""
        if vars(self._selector).get("select") == self._select:
            del self._selector.select
        self._loop._clock_resolution = self._resolution
        self._shift_timers(real_time - self._now())

    def _now(self) -> float:
        return self._lines[self._loop._thread_id or get_ident()].now

    def _shift_timers(self, by: float) -> None:
        for timer in self._loop._scheduled:
            timer._when += by

    def _select(self, timeout: float | None = None) -> list[Any]:
        # Timers fire this much early: less than on the machine, but never nothing, or a timer
        # that is due would not fire, and time would not move on as it does there.
        self._loop._clock_resolution = 8 * ulp(self._now())
        self._on_turn()
        if timeout is None or timeout <= 0 or not self._loop._scheduled:
            return self._heard(self._poll(timeout))
        # Asked before the poll: what ends in between has woken the selector.
        newest = self.work.newest()
        look = self._throttle.look(timeout) if newest is None else None
        events = self._heard(self._poll(0 if look is None else look.seconds))
        if not events and newest is not None:
            events = self._wait(newest)
        if not (events or (look and self._throttle.holds(look))):
            self._move()
        return events

    def _wait(self, newest: float) -> list[Any]:
        began = machine.monotonic()
        with self._lines.waiting():
            events = self._heard(self._poll(max(0.0, self._left(began - newest))))
        waited = machine.monotonic() - began
        self._waited += waited
        self._on_wait(waited)
        return events

    def _left(self, age: float) -> float:
        """Return real seconds until the next timer may fire beside work of that age."""
        pace = self._next() - self._lines.here().now - self._waited
        return max(pace, self._patience - max(age, self._waited))

    def _move(self) -> None:
        self._waited = 0.0
        self._lines.here().move_to(self._next())
        self._loop._clock_resolution = 8 * ulp(self._now())

    def _next(self) -> float:
        return self._loop._scheduled[0]._when  # type: ignore[no-any-return]

    def _heard(self, events: list[Any]) -> list[Any]:
        if events:
            self._lines.here().hear()
        return events
