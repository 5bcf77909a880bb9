"""Response headers of Google."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .._headers import overlaid

if TYPE_CHECKING:
    from .._failure import Failure
    from .._headers import Headers
    from .._reply import Reply

JSON = ("content-type", "application/json; charset=UTF-8")
EVENT_STREAM = ("content-type", "text/event-stream")
_OWN: Headers = (
    ("vary", "Origin, X-Origin, Referer"),
    ("server", "scaffolding on HTTPServer2"),
    ("x-content-type-options", "nosniff"),
)


def google_headers(reply: Reply, content_type: tuple[str, str]) -> Headers:
    """Return the headers of an answer."""
    timing = ("server-timing", f"gfet4t7; dur={reply.latency_ms}")
    return overlaid((content_type, *_OWN, timing), reply.headers)


def google_error_headers(failure: Failure, content_type: tuple[str, str]) -> Headers:
    """Return the headers of an error; when to try again stands in its body."""
    return overlaid((content_type, *_OWN), failure.headers)
