"""Response headers of Bedrock: request id, and the counts of Invoke."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .._headers import overlaid
from ._usage import fresh_input

if TYPE_CHECKING:
    from .._failure import Failure
    from .._headers import Headers
    from .._reply import Reply

FRAMES = ("content-type", "application/vnd.amazon.eventstream")
_INNER = ("x-amzn-bedrock-content-type", "application/json")


def bedrock_headers(reply: Reply, content_type: tuple[str, str]) -> Headers:
    """Return the headers of an answer of Converse."""
    return overlaid((content_type, ("x-amzn-requestid", reply.id)), reply.headers)


def invoke_headers(reply: Reply, content_type: tuple[str, str]) -> Headers:
    """Return the headers of an answer of Invoke; the counts only where it does not stream."""
    head = (content_type, ("x-amzn-requestid", reply.id))
    if content_type is FRAMES:
        return overlaid((*head, _INNER), reply.headers)
    usage = reply.usage
    counts = {
        "input-token-count": fresh_input(usage),
        "output-token-count": usage.output_tokens or 0,
        "invocation-latency": reply.latency_ms,
        "cache-read-input-token-count": usage.cache_read_tokens,
        "cache-write-input-token-count": usage.cache_write_tokens,
    }
    told = tuple(
        (f"x-amzn-bedrock-{name}", str(one)) for name, one in counts.items() if one is not None
    )
    return overlaid((*head, *told), reply.headers)


def bedrock_error_headers(
    failure: Failure, error_type: str, content_type: tuple[str, str]
) -> Headers:
    """Return the headers of an error; its type stands there, not in the body."""
    headers: Headers = (
        content_type,
        ("x-amzn-requestid", failure.id),
        ("x-amzn-errortype", error_type),
    )
    if failure.wait is not None:
        headers = (*headers, ("retry-after", failure.wait))
    return overlaid(headers, failure.headers)
