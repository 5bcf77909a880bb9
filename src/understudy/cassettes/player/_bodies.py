"""The body of an answer as it is stored: decoded as the application decodes it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Self

from ...wire.streams import START, decoder_for

if TYPE_CHECKING:
    from .._interaction import Headers

_FRAMING: Final = frozenset({"content-length", "transfer-encoding"})

#: Moments, and what came then.
Pieces = list[tuple[float, bytes]]


@dataclass(frozen=True, slots=True)
class StoredBody:
    """Decoded pieces, and the headers that say nothing of the wire any more."""

    pieces: Pieces
    headers: Headers

    @classmethod
    def of(cls, headers: list[tuple[str, str]], pieces: Pieces, *, decoded: bool) -> Self:
        """Make it of what came; `decoded`: the client had decompressed the pieces."""
        dropped = _FRAMING if any(data for _, data in pieces) else frozenset()
        encoding = _value(headers, "content-encoding")
        if encoding and dropped:
            plain = pieces if decoded else _decoded(pieces, encoding)
            if plain is not None:
                pieces, dropped = plain, dropped | {"content-encoding"}
        return cls(pieces, tuple(pair for pair in headers if pair[0] not in dropped))

    @property
    def data(self) -> bytes:
        """All of it."""
        return b"".join(data for _, data in self.pieces)

    @property
    def is_event_stream(self) -> bool:
        """Whether it is a stream of server-sent events."""
        return _value(self.headers, "content-type").startswith("text/event-stream")


def came_whole(method: str, headers: list[tuple[str, str]], pieces: Pieces) -> bool:
    """Tell whether nothing more of the body could have come, though nobody saw its end."""
    length = _value(headers, "content-length")
    return method.upper() == "HEAD" or length == str(sum(len(data) for _, data in pieces))


def _decoded(pieces: Pieces, encoding: str) -> Pieces | None:
    """Undo the encoding; None where nothing installed can."""
    start = b"".join(data for _, data in pieces)[:START]
    decoder = decoder_for(encoding, start)
    if decoder is None:
        return pieces
    plain = [(at, decoder.feed(data)) for at, data in _with_whole_start(pieces)]
    return plain if any(data for _, data in plain) else None


def _with_whole_start(pieces: Pieces) -> Pieces:
    """Put the first pieces together until they show what the encoding is."""
    start, count = b"", 0
    while len(start) < START and count < len(pieces):
        start, count = start + pieces[count][1], count + 1
    return [(pieces[count - 1][0], start), *pieces[count:]]


def _value(headers: list[tuple[str, str]] | Headers, name: str) -> str:
    return next((value for key, value in headers if key == name), "")
