"""The errors of Ollama."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...wire.writing import ErrorKind, ErrorTable, ProviderError, refusal

if TYPE_CHECKING:
    from ...wire.writing import Failure, Question

JSON = "application/json; charset=utf-8"
_ERRORS = ErrorTable(
    {
        ErrorKind.RATE_LIMIT: ProviderError(429, "too many requests, please try again later"),
        ErrorKind.OVERLOADED: ProviderError(
            503, "server busy, please try again.  maximum pending requests exceeded"
        ),
        ErrorKind.AUTHENTICATION: ProviderError(401, "unauthorized"),
        ErrorKind.PERMISSION: ProviderError(403, "access denied"),
        ErrorKind.NOT_FOUND: ProviderError(404, "model '{model}' not found"),
        ErrorKind.INVALID_REQUEST: ProviderError(400, "invalid request"),
        ErrorKind.CONTEXT_OVERFLOW: ProviderError(
            400, "the input length exceeds the context length"
        ),
        ErrorKind.CONTENT_FILTER: ProviderError(400, "the request was blocked"),
        ErrorKind.SERVER_ERROR: ProviderError(500, "model runner has unexpectedly stopped"),
    }
)


def error_body(question: Question, failure: Failure) -> dict[str, str]:
    """Return the body of an error, which is also the line that breaks a stream off."""
    return {"error": _ERRORS.of(question, failure).message}


refuse = refusal(_ERRORS, error_body, content_type=JSON)
