"""Response headers of Cohere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .._headers import JSON, overlaid

if TYPE_CHECKING:
    from .._failure import Failure
    from .._headers import Headers
    from .._reply import Reply

EVENT_STREAM = ("content-type", "text/event-stream")
LINES = ("content-type", "application/stream+json")
_CACHE: Headers = (("cache-control", "no-cache, no-store, no-transform, must-revalidate"),)


def cohere_headers(reply: Reply, content_type: tuple[str, str]) -> Headers:
    """Return the headers of an answer; the tokens only where it does not stream."""
    head: Headers = (content_type, *_CACHE, ("x-debug-trace-id", reply.id))
    if content_type is JSON:
        tokens = (reply.usage.input_tokens or 0) + (reply.usage.output_tokens or 0)
        head = (*head, ("num_tokens", str(tokens)))
    return overlaid(head, reply.headers)


def cohere_error_headers(failure: Failure) -> Headers:
    """Return the headers of an error."""
    head: Headers = (JSON, *_CACHE, ("x-debug-trace-id", failure.id))
    if failure.wait is not None:
        head = (*head, ("retry-after", failure.wait))
    return overlaid(head, failure.headers)
