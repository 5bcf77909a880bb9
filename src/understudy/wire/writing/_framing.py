"""The ways in which events are put into a stream."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from ._encode import encoded
from ._rendered import Piece

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

# The index of a line (see Piece), the name of the event, its data as JSON text.
Event: TypeAlias = tuple[int | None, str, str]


def sse(events: Iterable[Event]) -> tuple[Piece, ...]:
    """Return server-sent events of data alone."""
    return tuple([Piece(line, encoded(f"data: {data}\n\n")) for line, _, data in events])


def named_sse(events: Iterable[Event]) -> tuple[Piece, ...]:
    """Return server-sent events with their names; one without a name is data alone."""
    return tuple(
        [
            Piece(
                line, encoded(f"event: {name}\ndata: {data}\n\n" if name else f"data: {data}\n\n")
            )
            for line, name, data in events
        ]
    )


def json_lines(events: Iterable[Event]) -> tuple[Piece, ...]:
    """Return one JSON value a line."""
    return tuple([Piece(line, encoded(f"{data}\n")) for line, _, data in events])


def json_array(events: Sequence[Event]) -> tuple[Piece, ...]:
    """Return the elements of one array, its brackets with the first and the last."""
    before = ["[", *[",\r\n"] * (len(events) - 1)]
    after = [*[""] * (len(events) - 1), "]"]
    return tuple(
        [
            Piece(line, encoded(f"{opening}{data}{closing}"))
            for opening, (line, _, data), closing in zip(before, events, after, strict=True)
        ]
    )
