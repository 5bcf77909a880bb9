"""Faults in the bytes of the body."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ._checks import check_count
from ._cuts import cut_off, has_content, lines_kept
from ._fault import Fault

if TYPE_CHECKING:
    from ...wire.writing import Rendered
    from .._incoming import IncomingCall


@dataclass(frozen=True, kw_only=True)
class _AfterLines(Fault):
    """It comes after so many lines, or after half of them."""

    after_lines: int | None = None

    def __post_init__(self) -> None:
        check_count("after_lines", self.after_lines)


@dataclass(frozen=True, kw_only=True)
class Truncated(_AfterLines):
    """The body ends too early, as if that were all."""

    def on_rendered(self, rendered: Rendered, call: IncomingCall) -> Rendered:
        return cut_off(rendered, call, self.after_lines)


@dataclass(frozen=True, kw_only=True)
class Malformed(_AfterLines):
    """One event of the stream, or the body, is no JSON; in a frame of AWS the checksum fails."""

    def on_rendered(self, rendered: Rendered, call: IncomingCall) -> Rendered:
        pieces = list(rendered.pieces)
        place = self._place(rendered, call)
        framed = any(
            name == "content-type" and "amazon.eventstream" in value
            for name, value in rendered.headers
        )
        spoil = _with_wrong_checksum if framed else _cut_short
        pieces[place] = pieces[place]._replace(data=spoil(pieces[place].data))
        return replace(rendered, pieces=tuple(pieces))

    def _place(self, rendered: Rendered, call: IncomingCall) -> int:
        """Return the first event with content after the lines that are whole."""
        pieces = rendered.pieces
        lines = 1 + max(piece.line or 0 for piece in pieces)
        whole = min(lines_kept(lines, self.after_lines), lines - 1)
        for place, piece in enumerate(pieces):
            if (piece.line or 0) >= whole and has_content(piece, rendered, call):
                return place
        return len(pieces) // 2


def _with_wrong_checksum(frame: bytes) -> bytes:
    return frame[:-1] + bytes([frame[-1] ^ 0xFF])


def _cut_short(data: bytes) -> bytes:
    """Cut the JSON within its outer braces; what frames it stays."""
    body = data.rstrip(b"\r\n")
    opened = body.find(b"{") + 1
    kept = max(opened, opened + (len(body) - 1 - opened) * 2 // 3)
    return body[:kept] + data[len(body) :]
