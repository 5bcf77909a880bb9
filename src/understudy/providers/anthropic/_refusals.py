"""The errors of Anthropic, and when to try again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...wire.writing import ProviderError, error_table, moment, refusal, retry_after

if TYPE_CHECKING:
    from ...wire import Question
    from ...wire.writing import Failure, Headers

_TOO_MANY = 429
_FIRST_OF_SERVER = 500
_INVALID = "invalid_request_error"
_ERRORS = error_table(
    rate_limit=(
        429,
        "This request would exceed your organization's rate limit of 4,000 requests per"
        " minute. Please reduce the number of requests, or try again later.",
        "rate_limit_error",
    ),
    overloaded=(529, "Overloaded", "overloaded_error"),
    authentication=(401, "invalid x-api-key", "authentication_error"),
    permission=(
        403,
        "Your API key does not have permission to use the specified resource.",
        "permission_error",
    ),
    not_found=(404, "model: {model}", "not_found_error"),
    invalid_request=(400, "messages: Field required", _INVALID),
    context_overflow=(400, "prompt is too long: 210000 tokens > 200000 maximum", _INVALID),
    content_filter=(400, "Output blocked by content filtering policy", _INVALID),
    server_error=(500, "Internal server error", "api_error"),
)


def error_body(question: Question, failure: Failure) -> dict[str, Any]:
    """Return the body of an error, which is also the event that breaks a stream off."""
    found = _ERRORS.of(question, failure)
    error = {"type": found.type, "message": found.message}
    return {"type": "error", "error": error, "request_id": f"req_{failure.id}"}


def limit(name: str, most: str, remaining: str, seconds: int) -> Headers:
    """Return the headers of one limit, which is as before at `seconds` since 1970."""
    start = f"anthropic-ratelimit-{name}"
    reset = (f"{start}-reset", moment(seconds))
    return (f"{start}-limit", most), (f"{start}-remaining", remaining), reset


def _headers(_question: Question, failure: Failure, error: ProviderError) -> Headers:
    """Return the headers of an error: whether to try again, and when."""
    again = error.status == _TOO_MANY or error.status >= _FIRST_OF_SERVER
    headers: Headers = (
        ("request-id", f"req_{failure.id}"),
        ("x-should-retry", "true" if again else "false"),
    )
    if error.status == _TOO_MANY:
        seconds = int(failure.created + (failure.retry_after or 0))
        headers = (*headers, *limit("requests", "4000", "0", seconds))
    return (*headers, *retry_after(failure))


refuse = refusal(_ERRORS, error_body, _headers)
