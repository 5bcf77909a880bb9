"""One recorded answer while it is played, and its headers as a client gets them again."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cached_property
from math import ceil
from typing import TYPE_CHECKING, Any, Final

from ...calls import Origin
from ...playback import AsyncPlayer, Break, Breakage, Playback, Player
from ...wire.streams import START, decoder_for
from .._interaction import CANCELLED

if TYPE_CHECKING:
    from ...clock import Clock
    from ...wire import Recognised
    from .._interaction import Headers, RecordedResponse

#: What openai's and anthropic's SDKs take for a wish at all: none is not.
_AT_ONCE_MS: Final = "1"
_LONGEST_WAIT: Final = 1e12


@dataclass(frozen=True)
class Replay:
    """A recorded answer that is ready to be played, once.

    Satisfies `understudy.intercept.Answer`. `recognised` is the call that it answers, None
    where that is none to a model; `cassette` names the file. `verdict` is what its event says.
    """

    playback: Playback
    response: RecordedResponse
    clock: Clock
    began_at: float
    recognised: Recognised | None
    cassette: str
    verdict: str = "hit"

    @cached_property
    def event_fields(self) -> dict[str, Any]:
        """The fields of the call's event that the wire does not tell."""
        timing = self.response.timing
        return {
            "origin": Origin.REPLAYED,
            "clock": self.clock.name,
            "cassette": self.cassette,
            "cassette_verdict": self.verdict,
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
    error = response.error
    if timing is None or recognised is None or (error is not None and error.kind != CANCELLED):
        return None
    watcher = recognised.watcher(response.plain().headers)
    for at_ms, data in timing.split(response.body):
        if watcher.feed(data):
            return at_ms
    is_success = response.complete and response.status < 400  # noqa: PLR2004
    return timing.end_ms if watcher.is_over and is_success else None


def _break(response: RecordedResponse, last_ms: float, speed: float) -> Break | None:
    error = response.error
    if error is None or error.kind == CANCELLED:
        return None
    known = error.kind in list(Breakage)
    kind = Breakage(error.kind) if known else Breakage.RESET
    ended_ms = 0.0 if response.timing is None else response.timing.end_ms or 0.0
    silence_ms = ended_ms if error.before_head else max(0.0, ended_ms - last_ms)
    return Break(kind=kind, before_head=error.before_head, after=_moment(silence_ms, speed))


def _moment(milliseconds: float, speed: float) -> float:
    return milliseconds / 1000 / speed if speed else 0.0


def replayed_headers(response: RecordedResponse, *, speed: float) -> Headers:
    """Return the headers that fit the stored body, `Retry-After` scaled by the replay speed."""
    encoding = response.header("content-encoding") or ""
    is_plain = bool(response.body) and decoder_for(encoding, response.body[:START]) is None
    headers: list[tuple[str, str]] = []
    for name, value in response.headers:
        match name.lower():
            case "content-encoding" if is_plain:
                continue
            case "content-length" if response.body:
                headers.append((name, str(len(response.body))))
            case "retry-after":
                headers.append((name, _scaled(_seconds(value, response), speed)))
            case "retry-after-ms":
                headers.append((name, _scaled_ms(value, speed)))
            case _:
                headers.append((name, value))
    # SDKs wait longer for `Retry-After: 0` than for a short time.
    names = {name.lower() for name, _ in headers}
    if not speed and "retry-after" in names and "retry-after-ms" not in names:
        headers.append(("retry-after-ms", _AT_ONCE_MS))
    return tuple(headers)


def _seconds(value: str, response: RecordedResponse) -> float | None:
    """Read `Retry-After`; a date counts from that of the answer."""
    with suppress(ValueError):
        seconds = float(value)
        return min(seconds, _LONGEST_WAIT) if seconds >= 0 else None
    until, since = _date(value), _date(response.header("date")) or response.recorded_at
    return None if until is None or since is None else max(0.0, (until - since).total_seconds())


def _date(value: str | None) -> datetime | None:
    try:
        date = parsedate_to_datetime(value or "")
    except (OverflowError, ValueError):
        return None
    return date if date.tzinfo else date.replace(tzinfo=UTC)


def _scaled(seconds: float | None, speed: float) -> str:
    # Whole seconds: urllib3 takes nothing else.
    return str(ceil(min(seconds / speed, _LONGEST_WAIT))) if seconds and speed else "0"


def _scaled_ms(value: str, speed: float) -> str:
    try:
        milliseconds = min(float(value), _LONGEST_WAIT)
    except ValueError:
        return value
    if not milliseconds >= 0:
        return value
    return str(ceil(min(milliseconds / speed, _LONGEST_WAIT))) if speed else _AT_ONCE_MS
