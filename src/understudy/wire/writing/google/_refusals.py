"""The errors of Google, and prompts that it blocks."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from .._encode import encoded, written
from .._failure import ErrorKind
from .._rendered import Piece, Rendered
from ._headers import JSON, google_error_headers

if TYPE_CHECKING:
    from .._failure import Failure
    from .._question import Question

_RPC = "type.googleapis.com/google.rpc."


class _Told(NamedTuple):
    code: int
    status: str
    message: str


_ERRORS = MappingProxyType(
    {
        ErrorKind.RATE_LIMIT: _Told(
            429, "RESOURCE_EXHAUSTED", "Resource has been exhausted (e.g. check quota)."
        ),
        ErrorKind.OVERLOADED: _Told(
            503, "UNAVAILABLE", "The model is overloaded. Please try again later."
        ),
        ErrorKind.AUTHENTICATION: _Told(
            400, "INVALID_ARGUMENT", "API key not valid. Please pass a valid API key."
        ),
        ErrorKind.PERMISSION: _Told(
            403, "PERMISSION_DENIED", "The caller does not have permission"
        ),
        ErrorKind.NOT_FOUND: _Told(
            404,
            "NOT_FOUND",
            "models/{model} is not found for API version v1beta, or is not supported for"
            " generateContent. Call ListModels to see the list of available models and their"
            " supported methods.",
        ),
        ErrorKind.INVALID_REQUEST: _Told(
            400, "INVALID_ARGUMENT", "Request contains an invalid argument."
        ),
        ErrorKind.CONTEXT_OVERFLOW: _Told(
            400,
            "INVALID_ARGUMENT",
            "The input token count (1100000) exceeds the maximum number of tokens allowed"
            " (1048576).",
        ),
        ErrorKind.CONTENT_FILTER: _Told(
            400, "INVALID_ARGUMENT", "The response was blocked for safety reasons."
        ),
        ErrorKind.SERVER_ERROR: _Told(
            500, "INTERNAL", "An internal error has occurred. Please retry."
        ),
    }
)
_VERTEX_LOGIN = _Told(
    401,
    "UNAUTHENTICATED",
    "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie"
    " or other valid authentication credential.",
)


def google_refusal(question: Question, failure: Failure) -> Rendered:
    """Write an error response; a stream that is an array tells it in an array."""
    status = failure.status or _told(question, failure).code
    body = written(error_body(question, failure))
    if question.stream and "alt=sse" not in question.target.query:
        body = f"[{body}\n]"
    headers = google_error_headers(failure, JSON)
    return Rendered(status, headers, (Piece(None, encoded(body)),))


def error_body(question: Question, failure: Failure) -> dict[str, Any]:
    """Return the body of an error, which is also the event that breaks a stream off."""
    told = _told(question, failure)
    error: dict[str, Any] = {
        "code": failure.status or told.code,
        "message": failure.says(told.message, question.model_of(None)),
        "status": told.status,
    }
    details = _details(failure)
    return {"error": {**error, "details": details} if details else error}


def _told(question: Question, failure: Failure) -> _Told:
    vertex = question.target.provider == "vertex"
    if vertex and failure.kind is ErrorKind.AUTHENTICATION:
        return _VERTEX_LOGIN
    return _ERRORS[failure.kind]


def _details(failure: Failure) -> list[dict[str, Any]]:
    details: list[dict[str, Any]] = []
    if failure.kind is ErrorKind.AUTHENTICATION:
        reason = {"reason": "API_KEY_INVALID", "domain": "googleapis.com"}
        details.append({"@type": f"{_RPC}ErrorInfo", **reason})
    if failure.wait is not None:
        details.append({"@type": f"{_RPC}RetryInfo", "retryDelay": f"{failure.wait}s"})
    return details
