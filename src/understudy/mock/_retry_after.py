"""What an error response asks the client to wait."""

from __future__ import annotations

from contextlib import suppress
from email.utils import parsedate_to_datetime


def retry_after(headers: tuple[tuple[str, str], ...], now: float) -> float | None:
    """Return the seconds to wait, None where nothing is asked; `now` is in seconds since 1970.

    `retry-after-ms` goes before `retry-after`, which may be seconds or a date.
    """
    told = {name.lower(): value for name, value in headers}
    with suppress(KeyError, ValueError):
        return float(told["retry-after-ms"]) / 1000
    with suppress(KeyError, ValueError):
        return float(told["retry-after"])
    with suppress(KeyError, ValueError):
        return max(0.0, parsedate_to_datetime(told["retry-after"]).timestamp() - now)
    return None
