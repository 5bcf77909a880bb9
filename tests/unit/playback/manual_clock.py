"""A clock that a test moves, and that notes what was waited for."""

from __future__ import annotations

from typing import Literal


class ManualClock:
    """Jumps to each moment that somebody waits for."""

    name: Literal["real", "virtual"]

    def __init__(self, now: float = 100.0, *, name: Literal["real", "virtual"] = "virtual") -> None:
        self.name = name
        self.moment = now
        self.waits: list[float] = []

    def now(self) -> float:
        """Return the moment."""
        return self.moment

    def time(self) -> float:
        """Return the moment as seconds since the epoch."""
        return self.moment

    def wall(self) -> float:
        """Return the moment as what is stored."""
        return self.moment

    def sleep(self, seconds: float) -> None:
        """Jump."""
        self.sleep_until(self.moment + seconds)

    def sleep_until(self, moment: float) -> None:
        """Jump to a moment."""
        self.waits.append(moment)
        self.moment = max(self.moment, moment)

    async def async_sleep(self, seconds: float) -> None:
        """Jump."""
        self.sleep(seconds)

    async def async_sleep_until(self, moment: float) -> None:
        """Jump to a moment."""
        self.sleep_until(moment)
