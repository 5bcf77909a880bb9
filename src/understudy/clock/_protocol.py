"""What whoever needs the time asks of a clock."""

from __future__ import annotations

from typing import Literal, Protocol


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
