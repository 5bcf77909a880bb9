"""An answer as it goes over the wire, and the ways in which events are put into a stream."""

from __future__ import annotations

import struct
from binascii import b2a_base64
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from ..streams import frame_of
from ._encode import encoded, quoted
from ._reply import Line, RefusalLine, Reply, TextLine

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence


# The index of a line (see Piece), the name of the event, its data as JSON text.
Event: TypeAlias = tuple[int | None, str, str]


class Piece(NamedTuple):
    """Bytes that are sent at once, at the moment of the line with index `line`.

    What comes before the content (roles, starts) is of the first line, what comes after it
    (usage, stops, `[DONE]`) of the last. None is no line's: an answer without lines, or an
    error that nothing was said before.
    """

    line: int | None
    data: bytes


@dataclass(frozen=True, slots=True)
class Rendered:
    """Status, headers and the body in order: one event of a stream a piece.

    Neither `content-length` nor `transfer-encoding` is told: whoever sends it knows.
    """

    status: int
    headers: tuple[tuple[str, str], ...]
    pieces: tuple[Piece, ...]

    @property
    def body(self) -> bytes:
        """The whole body."""
        return b"".join([piece.data for piece in self.pieces])


class Framing(NamedTuple):
    """A content type, and what puts events into a body of that type, a piece each.

    Where a provider writes the type otherwise: `SSE._replace(content_type=…)`.
    """

    content_type: str
    frame: Callable[[Sequence[Event]], tuple[Piece, ...]]


def text_events(reply: Reply, before: str, after: str, name: str = "") -> list[Event]:
    """Return an event for each piece of text or refusal, quoted between `before` and `after`."""
    lines = [one for one in enumerate(reply.lines) if isinstance(one[1], TextLine | RefusalLine)]
    return chunk_events(lines, before, after, name)


def chunk_events(
    lines: Iterable[tuple[int, Line]], before: str, after: str, name: str = ""
) -> list[Event]:
    """Return an event for each chunk of `lines`, quoted between `before` and `after`."""
    return [
        (place, name, f"{before}{quoted(chunk)}{after}")
        for place, line in lines
        for chunk in line.chunks
    ]


def _sse(events: Sequence[Event]) -> tuple[Piece, ...]:
    """Return server-sent events of data alone."""
    return tuple([Piece(line, encoded(f"data: {data}\n\n")) for line, _, data in events])


def _named_sse(events: Sequence[Event]) -> tuple[Piece, ...]:
    """Return server-sent events with their names; one without a name is data alone."""
    named = [(line, f"event: {name}\n" if name else "", data) for line, name, data in events]
    return tuple([Piece(line, encoded(f"{name}data: {data}\n\n")) for line, name, data in named])


def _json_lines(events: Sequence[Event]) -> tuple[Piece, ...]:
    """Return one JSON value a line."""
    return tuple([Piece(line, encoded(f"{data}\n")) for line, _, data in events])


def _json_array(events: Sequence[Event]) -> tuple[Piece, ...]:
    """Return the elements of one array, its brackets with the first and the last."""
    elements = [f",\r\n{data}" for _, _, data in events]
    elements[0] = f"[{events[0][2]}"
    elements[-1] += "]"
    lines = [line for line, _, _ in events]
    return tuple(map(Piece, lines, map(encoded, elements)))


_STRING = 7  # a header's value is one


def _event_frames(events: Sequence[Event]) -> tuple[Piece, ...]:
    """Return a frame for each event; a name that ends in `Exception` is an exception's."""
    return tuple(
        [Piece(line, frame_of(_headers(name), encoded(data))) for line, name, data in events]
    )


def _chunk_frames(events: Sequence[Event]) -> tuple[Piece, ...]:
    """Return frames of an invoke-stream: each event in base64; exceptions as they are."""
    return tuple(
        [
            Piece(line, frame_of(_headers(name), encoded(data)))
            if name.endswith("Exception")
            else Piece(line, frame_of(_headers("chunk"), _in_base64(data)))
            for line, name, data in events
        ]
    )


def _in_base64(data: str) -> bytes:
    return b'{"bytes":"%b"}' % b2a_base64(encoded(data), newline=False)


@lru_cache(maxsize=64)
def _headers(name: str) -> bytes:
    kind = b"exception" if name.endswith("Exception") else b"event"
    headers = (
        (b":%b-type" % kind, name.encode()),
        (b":content-type", b"application/json"),
        (b":message-type", kind),
    )
    return b"".join(
        struct.pack(f">B{len(key)}sBH", len(key), key, _STRING, len(value)) + value
        for key, value in headers
    )


SSE = Framing("text/event-stream; charset=utf-8", _sse)
NAMED_SSE = Framing("text/event-stream; charset=utf-8", _named_sse)
JSON_LINES = Framing("application/x-ndjson", _json_lines)
JSON_ARRAY = Framing("application/json", _json_array)
EVENT_FRAMES = Framing("application/vnd.amazon.eventstream", _event_frames)
CHUNK_FRAMES = Framing("application/vnd.amazon.eventstream", _chunk_frames)
