"""When a provider wants to be asked again."""

from __future__ import annotations

from email.utils import parsedate_to_datetime
from math import isfinite
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


def retry_after(headers: Mapping[str, Any], *, now: float) -> float | None:
    """Return the seconds that a provider asks to be left alone, None where it does not.

    `retry-after-ms` goes before `retry-after`, which is in seconds or a date; `now` are seconds
    since the epoch. A date that has passed is 0.
    """
    named = {str(name).lower(): value for name, value in headers.items()}
    milliseconds = as_seconds(named.get("retry-after-ms"))
    if milliseconds is not None:
        return milliseconds / 1000
    told = named.get("retry-after")
    seconds = as_seconds(told)
    return seconds if seconds is not None else _until(told, now)


def as_seconds(told: object) -> float | None:
    """Return a number from 0 on, None for anything else."""
    try:
        number = float(told)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return None
    return number if isfinite(number) and number >= 0 else None


def _until(told: object, now: float) -> float | None:
    try:
        moment = parsedate_to_datetime(str(told)).timestamp()
    except (TypeError, ValueError, OverflowError):
        return None
    return max(moment - now, 0.0)
