"""The errors of Cohere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...wire.writing import ErrorKind, ErrorTable, ProviderError, refusal, retry_after

if TYPE_CHECKING:
    from ...wire import Question
    from ...wire.writing import Failure, Headers

NO_CACHE = ("cache-control", "no-cache, no-store, no-transform, must-revalidate")
_ERRORS = ErrorTable(
    {
        ErrorKind.RATE_LIMIT: ProviderError(
            429,
            "You are past the per minute request limit, please wait and try again later.",
        ),
        ErrorKind.OVERLOADED: ProviderError(
            503, "the service is overloaded, please try again later"
        ),
        ErrorKind.AUTHENTICATION: ProviderError(401, "invalid api token"),
        ErrorKind.PERMISSION: ProviderError(403, "your api key is not allowed to use this model"),
        ErrorKind.NOT_FOUND: ProviderError(
            404,
            "model '{model}' not found, make sure the correct model ID was used and that you have"
            " access to the model.",
        ),
        ErrorKind.INVALID_REQUEST: ProviderError(400, "invalid request: message must not be empty"),
        ErrorKind.CONTEXT_OVERFLOW: ProviderError(
            400,
            "too many tokens: total number of tokens in the prompt exceeds the limit of 128000",
        ),
        ErrorKind.CONTENT_FILTER: ProviderError(
            400, "blocked input: please see our usage guidelines and try again"
        ),
        ErrorKind.SERVER_ERROR: ProviderError(
            500, "internal server error, this has been reported to our developers"
        ),
    }
)


def error_message(question: Question, failure: Failure) -> str:
    """Return the message, which is all that an error within a stream has."""
    return _ERRORS.of(question, failure).message


def _body(question: Question, failure: Failure) -> dict[str, str]:
    return {"id": failure.id, "message": error_message(question, failure)}


def _headers(_question: Question, failure: Failure, _error: ProviderError) -> Headers:
    return (NO_CACHE, ("x-debug-trace-id", failure.id), *retry_after(failure))


refuse = refusal(_ERRORS, _body, _headers)
