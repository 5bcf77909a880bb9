"""The errors of Ollama."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from .._encode import encoded, written
from .._failure import ErrorKind
from .._headers import overlaid
from .._rendered import Piece, Rendered
from ._figures import JSON

if TYPE_CHECKING:
    from .._failure import Failure
    from .._headers import Headers
    from .._question import Question


class _Told(NamedTuple):
    status: int
    message: str


_ERRORS = MappingProxyType(
    {
        ErrorKind.RATE_LIMIT: _Told(429, "too many requests, please try again later"),
        ErrorKind.OVERLOADED: _Told(
            503, "server busy, please try again.  maximum pending requests exceeded"
        ),
        ErrorKind.AUTHENTICATION: _Told(401, "unauthorized"),
        ErrorKind.PERMISSION: _Told(403, "access denied"),
        ErrorKind.NOT_FOUND: _Told(404, "model '{model}' not found"),
        ErrorKind.INVALID_REQUEST: _Told(400, "invalid request"),
        ErrorKind.CONTEXT_OVERFLOW: _Told(400, "the input length exceeds the context length"),
        ErrorKind.CONTENT_FILTER: _Told(400, "the request was blocked"),
        ErrorKind.SERVER_ERROR: _Told(500, "model runner has unexpectedly stopped"),
    }
)


def ollama_refusal(question: Question, failure: Failure) -> Rendered:
    """Write an error response."""
    headers: Headers = (JSON,)
    if failure.wait is not None:
        headers = (*headers, ("retry-after", failure.wait))
    body = encoded(error_body(question, failure))
    status = failure.status or _ERRORS[failure.kind].status
    return Rendered(status, overlaid(headers, failure.headers), (Piece(None, body),))


def error_body(question: Question, failure: Failure) -> str:
    """Return the body of an error, which is also the line that breaks a stream off."""
    told = _ERRORS[failure.kind]
    return written({"error": failure.says(told.message, question.model_of(None))})
