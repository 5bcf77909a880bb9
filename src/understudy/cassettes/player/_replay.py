"""One recorded answer while it is played."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from ...calls import Origin
from ...playback import AsyncPlayer, Break, Breakage, Playback, Player
from ._heads import replayed_headers

if TYPE_CHECKING:
    from ...clock import Clock
    from ...wire import Recognised
    from .._interaction import RecordedResponse


@dataclass(frozen=True)
class Replay:
    """A recorded answer that is ready to be played, once.

    Satisfies `understudy.intercept.Answer`. `recognised` is the call that it answers, None
    where that is none to a model; `cassette` names the file.
    """

    playback: Playback
    response: RecordedResponse
    clock: Clock
    began_at: float
    recognised: Recognised | None
    cassette: str

    @cached_property
    def event_fields(self) -> dict[str, Any]:
        """The fields of the call's event that the wire does not tell."""
        timing = self.response.timing
        return {
            "origin": Origin.REPLAYED,
            "clock": self.clock.name,
            "cassette": self.cassette,
            "cassette_verdict": "hit",
            "recorded_ttfc_ms": recorded_ttfc_ms(self.response, self.recognised),
            "recorded_duration_ms": None if timing is None else timing.end_ms,
        }

    def player(self, read_timeout: float | None = None) -> Player:
        """Return what plays it to a client that blocks, with its read time-out in seconds."""
        return Player(self.playback, self.clock, began=self.began_at, read_timeout=read_timeout)

    def async_player(self, read_timeout: float | None = None) -> AsyncPlayer:
        """Return what plays it to a client that awaits, with its read time-out in seconds."""
        return AsyncPlayer(
            self.playback, self.clock, began=self.began_at, read_timeout=read_timeout
        )


def playback_of(response: RecordedResponse, *, speed: float) -> Playback:
    """Return what a client gets: at once at speed 0, in recorded time at 1, twice as fast at 2."""
    timing = response.timing
    if timing is None:
        head_ms, pieces = 0.0, [(0.0, response.body)] if response.body else []
    else:
        head_ms, pieces = timing.headers_ms, timing.split(response.body)
    last_ms = pieces[-1][0] if pieces else head_ms
    return Playback(
        status=response.status,
        headers=replayed_headers(response, speed=speed),
        head_at=_moment(head_ms, speed),
        chunks=[(_moment(at_ms, speed), data) for at_ms, data in pieces],
        broken=_break(response, last_ms, speed),
    )


def recorded_ttfc_ms(response: RecordedResponse, recognised: Recognised | None) -> float | None:
    """Return when the first content came while it was recorded; None where nobody knows."""
    timing = response.timing
    if timing is None or recognised is None or response.error is not None:
        return None
    watcher = recognised.watcher(response.plain().headers)
    for at_ms, data in timing.split(response.body):
        if watcher.feed(data):
            return at_ms
    return timing.end_ms if watcher.is_over and _is_success(response) else None


def _is_success(response: RecordedResponse) -> bool:
    return response.complete and response.status < 400  # noqa: PLR2004


def _break(response: RecordedResponse, last_ms: float, speed: float) -> Break | None:
    error = response.error
    if error is None:
        return None
    known = error.kind in list(Breakage)
    kind = Breakage(error.kind) if known else Breakage.RESET
    ended_ms = 0.0 if response.timing is None else response.timing.end_ms or 0.0
    silence_ms = ended_ms if error.before_head else max(0.0, ended_ms - last_ms)
    return Break(kind=kind, before_head=error.before_head, after=_moment(silence_ms, speed))


def _moment(milliseconds: float, speed: float) -> float:
    return milliseconds / 1000 / speed if speed else 0.0
