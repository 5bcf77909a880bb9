"""When the parts of a recorded answer came, and how that stands in a file."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, Any, Final, Self

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

#: The blank line that ends an event of a stream, whatever its line ends are.
_EVENT_END: Final = re.compile(rb"(?:\r\n|\n|\r(?!\n)){2}")
_EVENTS: Final = re.compile(r"\+(\d+(?:\.\d+)?)(?:\*(\d+))?")
_CHUNKS: Final = re.compile(r"\+(\d+(?:\.\d+)?):(\d+)")


class Unit(StrEnum):
    """What the parts of an answer are counted in.

    Events survive a body that is rewritten (a secret cut out of it); bytes do not.
    """

    EVENTS = "events"
    BYTES = "bytes"


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the body: when it was all there, in ms since the request began; its size."""

    at_ms: float
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """Moments in ms since the request began.

    `end_ms` is when the body ended or was given up; None where nobody saw it.
    """

    headers_ms: float
    parts: tuple[Part, ...] = ()
    unit: Unit = Unit.BYTES
    end_ms: float | None = None

    @classmethod
    def of_chunks(
        cls,
        headers_ms: float,
        chunks: Iterable[tuple[float, bytes]],
        *,
        end_ms: float | None = None,
        event_stream: bool = False,
    ) -> Self:
        """Take the timing of decoded chunks, each with its moment in ms.

        An event stream is timed by event: a part is there when its last event is whole.
        What follows the last whole event is in no part.
        """
        sizes = (Part(at, len(data)) for at, data in chunks if data)
        parts = tuple(_event_parts(chunks) if event_stream else sizes)
        unit = Unit.EVENTS if event_stream else Unit.BYTES
        return cls(headers_ms=headers_ms, parts=parts, unit=unit, end_ms=end_ms)

    def split(self, body: bytes) -> list[tuple[float, bytes]]:
        """Cut `body` as it came: pieces with their moments, in ms; together they are `body`.

        What the parts do not cover comes with the end, or with the last part.
        """
        ends = self._ends(body)
        pieces = [
            (part.at_ms, body[start:end])
            for part, (start, end) in zip(self.parts, pairwise([0, *ends]), strict=True)
            if end > start
        ]
        rest = body[ends[-1] if ends else 0 :]
        if rest:
            last = pieces[-1][0] if pieces else self.headers_ms
            pieces.append((last if self.end_ms is None else max(last, self.end_ms), rest))
        return pieces

    def _ends(self, body: bytes) -> list[int]:
        counts = accumulate(part.size for part in self.parts)
        if self.unit is Unit.BYTES:
            return [min(count, len(body)) for count in counts]
        marks = [0, *(match.end() for match in _EVENT_END.finditer(body))]
        return [marks[min(count, len(marks) - 1)] for count in counts]


def _event_parts(chunks: Iterable[tuple[float, bytes]]) -> Iterator[Part]:
    seen = bytearray()
    for at, data in chunks:
        seen += data
        whole = [match.end() for match in _EVENT_END.finditer(seen)]
        if whole:
            yield Part(at, len(whole))
            del seen[: whole[-1]]


_KEYS: Final = {Unit.EVENTS: "events", Unit.BYTES: "chunks"}
#: Nobody waits for an answer for longer.
_LONGEST_MS: Final = 1e10
_SHOWN: Final = 40


def timing_document(timing: Timing) -> dict[str, Any]:
    """Return what stands in the file; moments are kept to a tenth of a millisecond."""
    document: dict[str, Any] = {"headers_ms": round(float(timing.headers_ms), 1)}
    if timing.parts:
        document[_KEYS[timing.unit]] = " ".join(_tokens(timing))
    if timing.end_ms is not None:
        document["end_ms"] = round(float(timing.end_ms), 1)
    return document


def _tokens(timing: Timing) -> Iterator[str]:
    """Yield the parts; each gap starts at a rounded moment, so that errors do not add up."""
    before = 0
    for part in timing.parts:
        at = max(before, round(part.at_ms * 10))
        gap = f"+{(at - before) / 10:.1f}"
        if timing.unit is Unit.BYTES:
            yield f"{gap}:{part.size}"
        else:
            yield gap if part.size == 1 else f"{gap}*{part.size}"
        before = at


def timing_of(document: Mapping[str, Any]) -> Timing:
    """Return what `timing_document` wrote; raises ValueError where it was not that."""
    unit = Unit.EVENTS if "events" in document else Unit.BYTES
    pattern = _EVENTS if unit is Unit.EVENTS else _CHUNKS
    parts, at = [], 0
    for token in str(document.get(_KEYS[unit]) or "").split():
        match = pattern.fullmatch(token)
        if match is None:
            msg = f"{token[:_SHOWN]!r} is no part of a timing"
            raise ValueError(msg)
        at += round(_moment(match[1]) * 10)
        parts.append(Part(at / 10, int(match[2] or 1)))
    end = document.get("end_ms")
    return Timing(
        headers_ms=_moment(document["headers_ms"]),
        parts=tuple(parts),
        unit=unit,
        end_ms=None if end is None else _moment(end),
    )


def _moment(value: Any) -> float:
    """Return milliseconds; raises ValueError where they are none that anybody waited."""
    moment = float(value)
    if not 0 <= moment <= _LONGEST_MS:
        msg = f"{str(value)[:_SHOWN]} is no number of milliseconds"
        raise ValueError(msg)
    return moment
