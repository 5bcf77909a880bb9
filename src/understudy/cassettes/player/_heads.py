"""Headers of recorded answers, as a client gets them again."""

from __future__ import annotations

from datetime import UTC
from email.utils import parsedate_to_datetime
from math import ceil
from typing import TYPE_CHECKING, Final

from ...wire.streams import START, decoder_for

if TYPE_CHECKING:
    from datetime import datetime

    from .._interaction import Headers, RecordedResponse

_RETRY_AFTER: Final = "retry-after"
_RETRY_AFTER_MS: Final = "retry-after-ms"
#: What openai's and anthropic's SDKs take for a wish at all: none is not.
_AT_ONCE_MS: Final = "1"


def replayed_headers(response: RecordedResponse, *, speed: float) -> Headers:
    """Return the headers that fit the stored body, `Retry-After` scaled by the replay speed."""
    is_plain = _is_plain(response)
    headers: list[tuple[str, str]] = []
    for name, value in response.headers:
        match name.lower():
            case "content-encoding" if is_plain:
                continue
            case "content-length" if response.body:
                headers.append((name, str(len(response.body))))
            case "retry-after":
                headers.append((name, _scaled(_seconds(value, response), speed)))
            case "retry-after-ms":
                headers.append((name, _scaled_ms(value, speed)))
            case _:
                headers.append((name, value))
    return _hurried(headers) if not speed else tuple(headers)


def _is_plain(response: RecordedResponse) -> bool:
    """Tell whether the body is stored decoded, `content-encoding` left standing."""
    encoding = response.header("content-encoding") or ""
    return bool(response.body) and decoder_for(encoding, response.body[:START]) is None


def _hurried(headers: list[tuple[str, str]]) -> Headers:
    """Let SDKs that wait longer for `Retry-After: 0` than for a short time wait that time."""
    names = {name.lower() for name, _ in headers}
    if _RETRY_AFTER in names and _RETRY_AFTER_MS not in names:
        headers.append((_RETRY_AFTER_MS, _AT_ONCE_MS))
    return tuple(headers)


def _seconds(value: str, response: RecordedResponse) -> float | None:
    """Read `Retry-After`; a date counts from that of the answer."""
    try:
        return float(value)
    except ValueError:
        pass
    until, told = _date(value), _date(response.header("date")) or response.recorded_at
    return None if until is None or told is None else max(0.0, (until - told).total_seconds())


def _date(value: str | None) -> datetime | None:
    try:
        date = parsedate_to_datetime(value or "")
    except ValueError:
        return None
    return date if date.tzinfo else date.replace(tzinfo=UTC)


def _scaled(seconds: float | None, speed: float) -> str:
    # Whole seconds: urllib3 takes nothing else.
    return str(ceil(seconds / speed)) if seconds and speed else "0"


def _scaled_ms(value: str, speed: float) -> str:
    try:
        milliseconds = float(value)
    except ValueError:
        return value
    return str(ceil(milliseconds / speed)) if speed else _AT_ONCE_MS
