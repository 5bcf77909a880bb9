"""Faults in the bytes of the body: it is cut off, or no JSON."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ._fault import AfterLines

if TYPE_CHECKING:
    from ...wire.writing import Piece, Rendered
    from .._call import IncomingCall


def lines_kept(lines: int, after_lines: int | None) -> int:
    """Return how many lines come: those told, or half of them, the larger."""
    return (lines + 1) // 2 if after_lines is None else min(after_lines, lines)


def cut_off(rendered: Rendered, call: IncomingCall, after_lines: int | None) -> Rendered:
    """Return what was sent when the answer broke off after that many lines, or half of them.

    The end of a stream is missing in any case. A body that does not stream is halved.
    """
    pieces = rendered.pieces
    if len(pieces) == 1:
        data = pieces[0].data
        return replace(rendered, pieces=(pieces[0]._replace(data=data[: len(data) // 2]),))
    lines = 1 + max(piece.line or 0 for piece in pieces)
    kept = lines_kept(lines, after_lines)
    if kept < lines:
        sent = tuple(piece for piece in pieces if (piece.line or 0) < kept)
    else:
        with_content = (
            n for n in range(len(pieces), 0, -1) if has_content(pieces[n - 1], rendered, call)
        )
        sent = pieces[: min(next(with_content, 1), len(pieces) - 1)]
    return replace(rendered, pieces=sent)


def has_content(piece: Piece, rendered: Rendered, call: IncomingCall) -> bool:
    """Tell whether a piece of a stream brings content."""
    data = piece.data
    if data.startswith(b","):  # an element of an array, which is read from its beginning
        data = b"[" + data[1:]
    return call.recognised.watcher(dict(rendered.headers)).feed(data)


@dataclass(frozen=True, kw_only=True)
class Truncated(AfterLines):
    """The body ends too early, as if that were all."""

    def on_rendered(self, rendered: Rendered, call: IncomingCall) -> Rendered:
        return cut_off(rendered, call, self.after_lines)


@dataclass(frozen=True, kw_only=True)
class Malformed(AfterLines):
    """One event of the stream, or the body, is no JSON; in a frame of AWS the checksum fails."""

    def on_rendered(self, rendered: Rendered, call: IncomingCall) -> Rendered:
        pieces = list(rendered.pieces)
        place = self._place(rendered, call)
        is_framed = "amazon.eventstream" in dict(rendered.headers).get("content-type", "")
        spoil = _with_wrong_checksum if is_framed else _cut_short
        pieces[place] = pieces[place]._replace(data=spoil(pieces[place].data))
        return replace(rendered, pieces=tuple(pieces))

    def _place(self, rendered: Rendered, call: IncomingCall) -> int:
        """Return the first event with content after the lines that are whole."""
        pieces = rendered.pieces
        lines = 1 + max(piece.line or 0 for piece in pieces)
        whole = min(lines_kept(lines, self.after_lines), lines - 1)
        later = ((place, each) for place, each in enumerate(pieces) if (each.line or 0) >= whole)
        places = (place for place, piece in later if has_content(piece, rendered, call))
        return next(places, len(pieces) // 2)


def _with_wrong_checksum(frame: bytes) -> bytes:
    return frame[:-1] + bytes([frame[-1] ^ 0xFF])


def _cut_short(data: bytes) -> bytes:
    """Cut the JSON within its outer braces; what frames it stays."""
    body = data.rstrip(b"\r\n")
    opened = body.find(b"{") + 1
    kept = max(opened, opened + (len(body) - 1 - opened) * 2 // 3)
    return body[:kept] + data[len(body) :]
