"""Response headers of OpenAI: request id, time taken, and what is left of the limits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .._headers import overlaid

if TYPE_CHECKING:
    from .._failure import Failure
    from .._headers import Headers
    from .._question import Question
    from .._reply import Reply

_OPENAI: Headers = (("openai-organization", "understudy"), ("openai-version", "2020-10-01"))
_LEFT: Headers = (
    ("x-ratelimit-limit-requests", "10000"),
    ("x-ratelimit-limit-tokens", "30000000"),
    ("x-ratelimit-remaining-requests", "9999"),
    ("x-ratelimit-remaining-tokens", "29999000"),
    ("x-ratelimit-reset-requests", "6ms"),
    ("x-ratelimit-reset-tokens", "2ms"),
)
_USED_UP: Headers = (
    ("x-ratelimit-limit-requests", "10000"),
    ("x-ratelimit-limit-tokens", "30000000"),
    ("x-ratelimit-remaining-requests", "0"),
    ("x-ratelimit-remaining-tokens", "29999000"),
)
_TOO_MANY = 429


def openai_headers(question: Question, reply: Reply, content_type: tuple[str, str]) -> Headers:
    """Return the headers of an answer."""
    own = _own(question, reply.id, str(reply.latency_ms))
    return overlaid((content_type, *own, *_LEFT), reply.headers)


def openai_error_headers(
    question: Question, failure: Failure, status: int, content_type: tuple[str, str]
) -> Headers:
    """Return the headers of an error; 429 says that no request is left, and when one is."""
    headers = (content_type, *_own(question, failure.id, "1"))
    if status == _TOO_MANY:
        headers = (*headers, *_USED_UP, ("x-ratelimit-reset-requests", f"{failure.wait or 1}s"))
    if failure.retry_after is not None:
        milliseconds = f"{failure.retry_after * 1000:.0f}"
        headers = (*headers, ("retry-after", failure.wait or "0"), ("retry-after-ms", milliseconds))
    return overlaid(headers, failure.headers)


def _own(question: Question, identity: str, milliseconds: str) -> Headers:
    """Return who answers and under which id."""
    request_id = ("x-request-id", f"req_{identity}")
    provider = question.target.provider
    if provider == "openai":
        return (request_id, *_OPENAI, ("openai-processing-ms", milliseconds))
    return (request_id, ("apim-request-id", identity)) if provider == "azure" else (request_id,)
