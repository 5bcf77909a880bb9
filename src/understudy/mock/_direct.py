"""Playing a scenario without an SDK, line by line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..calls import Status
from ..delays import due_times
from ._estimator import count_tokens

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator

    from ..clock import Clock
    from ..delays import DelayProfile, TimedCall
    from ..scenarios import Scenario


@dataclass(slots=True, kw_only=True)
class DirectPlay:
    """What became of a play: moments are seconds on its clock, None where they never came.

    `output_tokens` is counted from the lines that came.
    """

    scenario: str
    profile: str
    clock: str
    began_at: float | None = None
    first_at: float | None = None
    ended_at: float | None = None
    lines: int = 0
    output_tokens: int = 0
    status: Status = Status.CANCELLED


class Direct:
    """Plays the lines of one scenario, once; `on_end` is told how it went."""

    def __init__(
        self,
        scenario: Scenario,
        play: DirectPlay,
        *,
        clock: Clock,
        profile: DelayProfile,
        call: TimedCall,
        on_end: Callable[[DirectPlay], None],
    ) -> None:
        self._lines = scenario.lines
        self._play = play
        self._clock = clock
        self._due = due_times(profile, call)
        self._on_end = on_end

    def lines(self) -> Iterator[str]:
        """Yield each line when it is due."""
        try:
            began = self._begin()
            for line, due in zip(self._lines, self._due, strict=False):
                self._clock.sleep_until(began + due)
                self._came(line)
                yield line
            self._play.status = Status.OK
        finally:
            self._end()

    async def async_lines(self) -> AsyncIterator[str]:
        """Yield each line when it is due."""
        try:
            began = self._begin()
            for line, due in zip(self._lines, self._due, strict=False):
                await self._clock.async_sleep_until(began + due)
                self._came(line)
                yield line
            self._play.status = Status.OK
        finally:
            self._end()

    def _begin(self) -> float:
        began = self._play.began_at = self._clock.now()
        return began

    def _came(self, line: str) -> None:
        play = self._play
        play.lines += 1
        play.output_tokens += count_tokens(line)
        if play.first_at is None:
            play.first_at = self._clock.now()

    def _end(self) -> None:
        self._play.ended_at = self._clock.now()
        self._on_end(self._play)
