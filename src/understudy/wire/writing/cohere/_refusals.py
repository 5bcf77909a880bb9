"""The errors of Cohere."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from .._encode import encoded, written
from .._failure import ErrorKind
from .._rendered import Piece, Rendered
from ._headers import cohere_error_headers

if TYPE_CHECKING:
    from .._failure import Failure
    from .._question import Question


class _Told(NamedTuple):
    status: int
    message: str


_ERRORS = MappingProxyType(
    {
        ErrorKind.RATE_LIMIT: _Told(
            429,
            "You are past the per minute request limit, please wait and try again later.",
        ),
        ErrorKind.OVERLOADED: _Told(503, "the service is overloaded, please try again later"),
        ErrorKind.AUTHENTICATION: _Told(401, "invalid api token"),
        ErrorKind.PERMISSION: _Told(403, "your api key is not allowed to use this model"),
        ErrorKind.NOT_FOUND: _Told(
            404,
            "model '{model}' not found, make sure the correct model ID was used and that you have"
            " access to the model.",
        ),
        ErrorKind.INVALID_REQUEST: _Told(400, "invalid request: message must not be empty"),
        ErrorKind.CONTEXT_OVERFLOW: _Told(
            400,
            "too many tokens: total number of tokens in the prompt exceeds the limit of 128000",
        ),
        ErrorKind.CONTENT_FILTER: _Told(
            400, "blocked input: please see our usage guidelines and try again"
        ),
        ErrorKind.SERVER_ERROR: _Told(
            500, "internal server error, this has been reported to our developers"
        ),
    }
)


def cohere_refusal(question: Question, failure: Failure) -> Rendered:
    """Write an error response."""
    body = encoded(written({"id": failure.id, "message": error_message(question, failure)}))
    status = failure.status or _ERRORS[failure.kind].status
    return Rendered(status, cohere_error_headers(failure), (Piece(None, body),))


def error_message(question: Question, failure: Failure) -> str:
    """Return the message, which is all that an error within a stream has."""
    return failure.says(_ERRORS[failure.kind].message, question.model_of(None))
