"""The errors of Anthropic, and when to try again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...wire.writing import ErrorKind, ErrorTable, ProviderError, moment, refusal, retry_after

if TYPE_CHECKING:
    from ...wire import Question
    from ...wire.writing import Failure, Headers

_TOO_MANY = 429
_FIRST_OF_SERVER = 500
_INVALID = "invalid_request_error"
_ERRORS = ErrorTable(
    {
        ErrorKind.RATE_LIMIT: ProviderError(
            429,
            "This request would exceed your organization's rate limit of 4,000 requests per"
            " minute. Please reduce the number of requests, or try again later.",
            "rate_limit_error",
        ),
        ErrorKind.OVERLOADED: ProviderError(529, "Overloaded", "overloaded_error"),
        ErrorKind.AUTHENTICATION: ProviderError(401, "invalid x-api-key", "authentication_error"),
        ErrorKind.PERMISSION: ProviderError(
            403,
            "Your API key does not have permission to use the specified resource.",
            "permission_error",
        ),
        ErrorKind.NOT_FOUND: ProviderError(404, "model: {model}", "not_found_error"),
        ErrorKind.INVALID_REQUEST: ProviderError(400, "messages: Field required", _INVALID),
        ErrorKind.CONTEXT_OVERFLOW: ProviderError(
            400, "prompt is too long: 210000 tokens > 200000 maximum", _INVALID
        ),
        ErrorKind.CONTENT_FILTER: ProviderError(
            400, "Output blocked by content filtering policy", _INVALID
        ),
        ErrorKind.SERVER_ERROR: ProviderError(500, "Internal server error", "api_error"),
    }
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
