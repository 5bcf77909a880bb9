"""The errors of Google."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ...wire.writing import ErrorKind, Piece, ProviderError, error_table, refusal

if TYPE_CHECKING:
    from ...wire import Question
    from ...wire.writing import Failure, Headers, Rendered

JSON = "application/json; charset=UTF-8"
OWN_HEADERS: Headers = (
    ("vary", "Origin, X-Origin, Referer"),
    ("server", "scaffolding on HTTPServer2"),
    ("x-content-type-options", "nosniff"),
)
_RPC = "type.googleapis.com/google.rpc."
_VERTEX_LOGIN = ProviderError(
    401,
    "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie"
    " or other valid authentication credential.",
    "UNAUTHENTICATED",
)
_ERRORS = error_table(
    rate_limit=(429, "Resource has been exhausted (e.g. check quota).", "RESOURCE_EXHAUSTED"),
    overloaded=(503, "The model is overloaded. Please try again later.", "UNAVAILABLE"),
    authentication=(400, "API key not valid. Please pass a valid API key.", "INVALID_ARGUMENT"),
    permission=(403, "The caller does not have permission", "PERMISSION_DENIED"),
    not_found=(
        404,
        "models/{model} is not found for API version v1beta, or is not supported for"
        " generateContent. Call ListModels to see the list of available models and their"
        " supported methods.",
        "NOT_FOUND",
    ),
    invalid_request=(400, "Request contains an invalid argument.", "INVALID_ARGUMENT"),
    context_overflow=(
        400,
        "The input token count (1100000) exceeds the maximum number of tokens allowed (1048576).",
        "INVALID_ARGUMENT",
    ),
    content_filter=(400, "The response was blocked for safety reasons.", "INVALID_ARGUMENT"),
    server_error=(500, "An internal error has occurred. Please retry.", "INTERNAL"),
    others={("vertex", ErrorKind.AUTHENTICATION): _VERTEX_LOGIN},
)


def error_body(question: Question, failure: Failure) -> dict[str, Any]:
    """Return the body of an error, which is also the event that breaks a stream off."""
    found = _ERRORS.of(question, failure)
    error: dict[str, Any] = {"code": found.status, "message": found.message, "status": found.type}
    details = _details(failure)
    return {"error": {**error, "details": details} if details else error}


def _details(failure: Failure) -> list[dict[str, Any]]:
    details: list[dict[str, Any]] = []
    if failure.kind is ErrorKind.AUTHENTICATION:
        reason = {"reason": "API_KEY_INVALID", "domain": "googleapis.com"}
        details.append({"@type": f"{_RPC}ErrorInfo", **reason})
    if failure.wait is not None:
        details.append({"@type": f"{_RPC}RetryInfo", "retryDelay": f"{failure.wait}s"})
    return details


def _headers(_question: Question, _failure: Failure, _error: ProviderError) -> Headers:
    """Return the headers of an error; when to try again stands in its body."""
    return OWN_HEADERS


_alone = refusal(_ERRORS, error_body, _headers, JSON)


def refuse(question: Question, failure: Failure) -> Rendered:
    """Write an error response; a stream that is an array has it in an array."""
    rendered = _alone(question, failure)
    if not question.stream or is_sse(question):
        return rendered
    return replace(rendered, pieces=(Piece(None, b"[%b\n]" % rendered.body),))


def is_sse(question: Question) -> bool:
    """Tell whether a stream is asked for as server-sent events, not as an array."""
    return "alt=sse" in question.target.query
