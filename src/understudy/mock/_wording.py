"""How texts of a call are shown in messages."""

from __future__ import annotations

from typing import Final

_SHOWN: Final = 120


def cut(text: str) -> str:
    """Return `text` in quotes, its middle left out where it is long."""
    if len(text) <= _SHOWN:
        return repr(text)
    half = _SHOWN // 2
    return f"{text[:half]!r} … {text[-half:]!r}"
