"""Headers of any client as lower-case text."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def lowered(items: Iterable[tuple[str | bytes, str | bytes]]) -> list[tuple[str, str]]:
    """Return the pairs as text, the names in lower case."""
    return [(_text(name).lower(), _text(value)) for name, value in items]


def _text(value: str | bytes) -> str:
    return value if isinstance(value, str) else value.decode("latin-1")
