"""What cuts streams of text: server-sent events, JSON lines, and a JSON array sent in elements."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, ClassVar, Final

from ..fields import parse

if TYPE_CHECKING:
    from collections.abc import Mapping

# The event that a stream of server-sent events ends with: `data: [DONE]`.
DONE: Final[Mapping[str, Any]] = {"[DONE]": True}


class Splitter(ABC):
    """Cuts one stream into pieces, whatever the chunks it comes in; it never raises.

    A piece is cheap to have and holds an event (rarely several) still as bytes. Pieces
    stand between `separator`s, where there is such a thing; where there is none, nothing
    but events is cut out, and what is cut off holds none.
    """

    separator: ClassVar[bytes | None] = None

    @abstractmethod
    def feed(self, data: bytes) -> list[bytes]:
        """Take more of the stream and return the pieces that it completes."""

    def events(self, piece: bytes) -> list[Mapping[str, Any]]:
        """Parse a piece, here one JSON object; it may hold no event."""
        value = parse(piece)
        return [value] if isinstance(value, dict) else []

    def rest(self) -> list[bytes]:
        """Return what is left where the stream ends without its last separator."""
        return []

    def holds_event(self, piece: bytes) -> bool:  # noqa: ARG002
        """Tell whether a piece is more than space or a comment."""
        return True


class SseSplitter(Splitter):
    """Server-sent events: cuts at blank lines; line ends may be LF, CRLF or CR."""

    separator: ClassVar[bytes | None] = b"\n\n"

    def __init__(self) -> None:
        self._pending = b""
        self._held = b""

    def feed(self, data: bytes) -> list[bytes]:
        """Take more of the stream and return the events that it completes."""
        if self._held or b"\r" in data:
            data = self._line_feeds(data)
        *blocks, self._pending = (self._pending + data).split(b"\n\n")
        return [block for block in blocks if b"data:" in block]

    def rest(self) -> list[bytes]:
        """Return the event that no blank line ended."""
        return [self._pending] if b"data:" in self._pending else []

    def holds_event(self, piece: bytes) -> bool:
        """Tell whether there is data."""
        return b"data:" in piece

    def events(self, piece: bytes) -> list[Mapping[str, Any]]:
        """Parse the data of one event; data lines that are JSON each on their own are each one."""
        if piece.startswith(b"data:") and b"\n" not in piece:
            event = _event(piece[5:].strip())
            return [] if event is None else [event]
        lines = piece.removeprefix(b"\xef\xbb\xbf").split(b"\n")
        lines = [line[5:].strip() for line in lines if line.startswith(b"data:")]
        event = _event(b"\n".join(lines))
        if event is not None or len(lines) < 2:  # noqa: PLR2004
            return [] if event is None else [event]
        return [event for line in lines if (event := _event(line)) is not None]

    def _line_feeds(self, data: bytes) -> bytes:
        """Make every line end a LF; a CR at the very end may be half of a CRLF."""
        data = self._held + data
        self._held = b"\r" if data.endswith(b"\r") else b""
        data = data[: len(data) - len(self._held)]
        return data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")


class NdjsonSplitter(Splitter):
    """JSON lines (application/x-ndjson, application/stream+json): cuts at line feeds."""

    separator: ClassVar[bytes | None] = b"\n"

    def __init__(self) -> None:
        self._pending: list[bytes] = []

    def feed(self, data: bytes) -> list[bytes]:
        """Take more of the stream and return the lines that it completes."""
        head, *tail = data.split(b"\n")
        self._pending.append(head)
        if not tail:
            return []
        lines = [b"".join(self._pending), *tail[:-1]]
        self._pending = [tail[-1]]
        return [line for line in lines if line.strip()]

    def rest(self) -> list[bytes]:
        """Return the line that no line feed ended."""
        line = b"".join(self._pending)
        return [line] if line.strip() else []

    def holds_event(self, piece: bytes) -> bool:
        """Tell whether the line is more than space."""
        return bool(piece.strip())


def _event(data: bytes) -> Mapping[str, Any] | None:
    if data == b"[DONE]":
        return DONE
    value = parse(data)
    return value if isinstance(value, dict) else None


_MARKS = re.compile(rb'\\.|["{}]', re.DOTALL)


class JsonArraySplitter(Splitter):
    """Cuts out the objects of the outermost array."""

    def __init__(self) -> None:
        self._element: list[bytes] = []
        self._depth = 0
        self._in_string = False
        self._held = b""

    def feed(self, data: bytes) -> list[bytes]:
        """Take more of the stream and return the elements that it completes."""
        data = self._without_half_an_escape(self._held + data)
        elements, start = [], 0
        for mark in _MARKS.finditer(data):
            character = mark.group()
            if character == b'"':
                self._in_string = not self._in_string
            elif self._in_string or character.startswith(b"\\"):
                continue
            elif character == b"{":
                start = start if self._depth else mark.start()
                self._depth += 1
            elif self._depth:
                self._depth -= 1
                if not self._depth:
                    elements.append(b"".join((*self._element, data[start : mark.end()])))
                    self._element, start = [], mark.end()
        if self._depth:
            self._element.append(data[start:])
        return elements

    def _without_half_an_escape(self, data: bytes) -> bytes:
        """Hold a backslash at the end back until what it escapes has come."""
        backslashes = len(data) - len(data.rstrip(b"\\"))
        self._held = b"\\" * (backslashes % 2)
        return data[: len(data) - len(self._held)]
