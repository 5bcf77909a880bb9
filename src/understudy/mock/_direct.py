"""Playing a scenario without an SDK, line by line."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..calls import Status
from ._estimator import count_tokens

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator

    from ..clock import Clock
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


@dataclass(frozen=True, slots=True)
class Direct:
    """Plays the lines of one scenario, once, each when `due`; `on_end` is told how it went."""

    scenario: Scenario
    due: Iterator[float]
    play: DirectPlay
    clock: Clock
    on_end: Callable[[DirectPlay], None] | None

    def lines(self) -> Iterator[str]:
        """Yield each line when it is due."""
        with self._playing() as steps:
            for line, moment in steps:
                self.clock.sleep_until(moment)
                yield self._came(line)

    async def async_lines(self) -> AsyncIterator[str]:
        """Yield each line when it is due."""
        with self._playing() as steps:
            for line, moment in steps:
                await self.clock.async_sleep_until(moment)
                yield self._came(line)

    @contextmanager
    def _playing(self) -> Iterator[Iterator[tuple[str, float]]]:
        play, clock = self.play, self.clock
        try:
            began = play.began_at = clock.now()
            yield zip(self.scenario.lines, (began + due for due in self.due), strict=False)
            play.status = Status.OK
        finally:
            play.ended_at = clock.now()
            if self.on_end is not None:
                self.on_end(play)

    def _came(self, line: str) -> str:
        play = self.play
        play.lines += 1
        play.output_tokens += count_tokens(line)
        if play.first_at is None:
            play.first_at = self.clock.now()
        return line
