"""An answer as it goes over the wire."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


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
