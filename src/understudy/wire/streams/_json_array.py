"""A JSON array that is sent element by element (Gemini without `alt=sse`)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from .._json import parse
from ._splitter import Splitter

if TYPE_CHECKING:
    from collections.abc import Mapping

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

    def events(self, piece: bytes) -> list[Mapping[str, Any]]:
        """Parse one element."""
        value = parse(piece)
        return [value] if isinstance(value, dict) else []

    def _without_half_an_escape(self, data: bytes) -> bytes:
        """Hold a backslash at the end back until what it escapes has come."""
        backslashes = len(data) - len(data.rstrip(b"\\"))
        self._held = b"\\" * (backslashes % 2)
        return data[: len(data) - len(self._held)]
