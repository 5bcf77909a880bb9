"""One JSON object a line (application/x-ndjson, application/stream+json)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from .._json import parse

if TYPE_CHECKING:
    from collections.abc import Mapping


class NdjsonSplitter:
    """Cuts at line feeds."""

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

    def events(self, piece: bytes) -> list[Mapping[str, Any]]:
        """Parse one line."""
        value = parse(piece)
        return [value] if isinstance(value, dict) else []
