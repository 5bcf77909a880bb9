"""Response headers of Anthropic: request id, and what is left of the limits."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from .._headers import JSON, overlaid
from .._moments import moment

if TYPE_CHECKING:
    from .._failure import Failure
    from .._headers import Headers
    from .._reply import Reply

_LIMITS = (
    ("requests", "4000", "3999"),
    ("input-tokens", "2000000", "1999000"),
    ("output-tokens", "400000", "400000"),
    ("tokens", "2400000", "2399000"),
)
_ORGANISATION = ("anthropic-organization-id", "00000000-0000-4000-8000-000000000000")
_TOO_MANY = 429
_FIRST_OF_SERVER = 500


def anthropic_headers(reply: Reply, content_type: tuple[str, str]) -> Headers:
    """Return the headers of an answer."""
    request_id = ("request-id", f"req_{reply.id}")
    headers = (content_type, request_id, _ORGANISATION, *_left(reply.created))
    return overlaid(headers, reply.headers)


def anthropic_error_headers(failure: Failure, status: int) -> Headers:
    """Return the headers of an error: whether to try again, and when."""
    again = status == _TOO_MANY or status >= _FIRST_OF_SERVER
    headers: Headers = (
        JSON,
        ("request-id", f"req_{failure.id}"),
        ("x-should-retry", "true" if again else "false"),
    )
    if status == _TOO_MANY:
        seconds = int(failure.created + (failure.retry_after or 0))
        headers = (*headers, *_used_up(seconds))
    if failure.wait is not None:
        headers = (*headers, ("retry-after", failure.wait))
    return overlaid(headers, failure.headers)


@lru_cache(maxsize=64)
def _left(seconds: int) -> Headers:
    return tuple(
        header
        for name, limit, remaining in _LIMITS
        for header in _limit(name, limit, remaining, seconds)
    )


def _used_up(seconds: int) -> Headers:
    name, limit, _ = _LIMITS[0]
    return _limit(name, limit, "0", seconds)


def _limit(name: str, limit: str, remaining: str, seconds: int) -> Headers:
    start = f"anthropic-ratelimit-{name}"
    reset = (f"{start}-reset", moment(seconds))
    return (f"{start}-limit", limit), (f"{start}-remaining", remaining), reset
