"""How figures of models are written."""

from __future__ import annotations

from .._number_format import milliseconds

UNKNOWN = "-"


def speed(ms_per_token: float | None) -> str:
    """Write milliseconds a token: `0.043`, `14.2`, `1,250.0`."""
    if ms_per_token is None:
        return UNKNOWN
    return f"{ms_per_token:,.{3 if ms_per_token < 1 else 1}f}"


def duration(seconds: float | None) -> str:
    """Write how long a load takes."""
    return UNKNOWN if seconds is None else milliseconds(1000 * seconds)


def change(percent: float | None) -> str:
    """Write a change: `+12 %`."""
    return UNKNOWN if percent is None else f"{percent:+.0f} %"
