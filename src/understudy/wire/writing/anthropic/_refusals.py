"""The errors of Anthropic."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from .._encode import encoded, written
from .._failure import ErrorKind
from .._rendered import Piece, Rendered
from ._headers import anthropic_error_headers

if TYPE_CHECKING:
    from .._failure import Failure
    from .._question import Question


class _Told(NamedTuple):
    status: int
    type: str
    message: str


_INVALID = "invalid_request_error"
_ERRORS = MappingProxyType(
    {
        ErrorKind.RATE_LIMIT: _Told(
            429,
            "rate_limit_error",
            "This request would exceed your organization's rate limit of 4,000 requests per"
            " minute. Please reduce the number of requests, or try again later.",
        ),
        ErrorKind.OVERLOADED: _Told(529, "overloaded_error", "Overloaded"),
        ErrorKind.AUTHENTICATION: _Told(401, "authentication_error", "invalid x-api-key"),
        ErrorKind.PERMISSION: _Told(
            403,
            "permission_error",
            "Your API key does not have permission to use the specified resource.",
        ),
        ErrorKind.NOT_FOUND: _Told(404, "not_found_error", "model: {model}"),
        ErrorKind.INVALID_REQUEST: _Told(400, _INVALID, "messages: Field required"),
        ErrorKind.CONTEXT_OVERFLOW: _Told(
            400, _INVALID, "prompt is too long: 210000 tokens > 200000 maximum"
        ),
        ErrorKind.CONTENT_FILTER: _Told(
            400, _INVALID, "Output blocked by content filtering policy"
        ),
        ErrorKind.SERVER_ERROR: _Told(500, "api_error", "Internal server error"),
    }
)


def anthropic_refusal(question: Question, failure: Failure) -> Rendered:
    """Write an error response."""
    status = failure.status or _ERRORS[failure.kind].status
    body = encoded(written(error_body(question, failure)))
    return Rendered(status, anthropic_error_headers(failure, status), (Piece(None, body),))


def error_body(question: Question, failure: Failure) -> dict[str, Any]:
    """Return the body of an error, which is also the event that breaks a stream off."""
    told = _ERRORS[failure.kind]
    message = failure.says(told.message, question.model_of(None))
    error = {"type": told.type, "message": message}
    return {"type": "error", "error": error, "request_id": f"req_{failure.id}"}
