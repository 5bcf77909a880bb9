"""Answers whose timing was measured, and the profile that plays it again."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import cycle
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .._call import TimedCall

_MS_PER_SECOND: Final = 1000


@dataclass(frozen=True, slots=True)
class MeasuredAnswer:
    """The time to the first content, then the delay before each further piece; in ms."""

    first_ms: float
    gaps_ms: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class MeasuredProfile:
    """Gives each call the delays of one measured answer, drawn by the call's own chance.

    An answer that is longer than the measured one has its delays again from the first gap on;
    after one that came in a single piece, the rest comes at once.
    """

    answers: tuple[MeasuredAnswer, ...]

    def __post_init__(self) -> None:
        if not self.answers:
            msg = "answers is empty; give at least one measured answer"
            raise ValueError(msg)

    def delays(self, call: TimedCall) -> Iterator[float]:
        """Yield seconds: before the first line, then before each further one."""
        answer = self.answers[int(call.random.random() * len(self.answers))]
        yield answer.first_ms / _MS_PER_SECOND
        for gap in cycle(answer.gaps_ms):
            yield gap / _MS_PER_SECOND
