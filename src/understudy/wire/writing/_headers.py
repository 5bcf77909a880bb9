"""Response headers, laid over each other."""

from __future__ import annotations

from typing import TypeAlias

Headers: TypeAlias = tuple[tuple[str, str], ...]

JSON = ("content-type", "application/json")
EVENT_STREAM = ("content-type", "text/event-stream; charset=utf-8")


def overlaid(headers: Headers, more: Headers) -> Headers:
    """Return `headers` with those of `more` in the place of the ones they name."""
    if not more:
        return headers
    named = {name.lower() for name, _ in more}
    return (*(header for header in headers if header[0].lower() not in named), *more)
