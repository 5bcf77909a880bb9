"""Where answers are cut."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ...wire.writing import Piece, Rendered
    from .._incoming import IncomingCall


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
        sent = pieces[: min(_content_end(rendered, call), len(pieces) - 1)]
    return replace(rendered, pieces=sent)


def has_content(piece: Piece, rendered: Rendered, call: IncomingCall) -> bool:
    """Tell whether a piece of a stream brings content."""
    data = piece.data
    if data.startswith(b","):  # an element of an array, which is read from its beginning
        data = b"[" + data[1:]
    return call.recognised.watcher(dict(rendered.headers)).feed(data)


def _content_end(rendered: Rendered, call: IncomingCall) -> int:
    """Return the number of pieces up to the last one with content, 1 where none has any."""
    for number in range(len(rendered.pieces), 0, -1):
        if has_content(rendered.pieces[number - 1], rendered, call):
            return number
    return 1
