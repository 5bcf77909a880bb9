"""Checks of the options of faults. A ValueError becomes the user's error, with the fault's name."""

from __future__ import annotations

from typing import Final

_LONGEST: Final = 86_400.0


def check_seconds(name: str, value: object) -> None:
    """Refuse what is no number of seconds from 0 to a day."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= _LONGEST:
        msg = f"{name} is {value!r}; give seconds from 0 to {_LONGEST:g}"
        raise ValueError(msg)


def check_count(name: str, value: object, *, least: int = 0) -> None:
    """Refuse what is neither None nor a whole number from `least` on."""
    if value is None:
        return
    if isinstance(value, bool) or not isinstance(value, int) or value < least:
        msg = f"{name} is {value!r}; give a whole number from {least} on"
        raise ValueError(msg)
