"""The exceptions of Bedrock, as responses and within a stream."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from .._encode import encoded, written
from .._failure import ErrorKind
from .._headers import JSON
from .._rendered import Piece, Rendered
from ._headers import bedrock_error_headers

if TYPE_CHECKING:
    from .._failure import Failure
    from .._framing import Event
    from .._question import Question


class _Told(NamedTuple):
    status: int
    type: str
    message: str


_INVALID = "ValidationException"
_ERRORS = MappingProxyType(
    {
        ErrorKind.RATE_LIMIT: _Told(
            429, "ThrottlingException", "Too many requests, please wait before trying again."
        ),
        ErrorKind.OVERLOADED: _Told(
            503, "ServiceUnavailableException", "Bedrock is unable to process your request."
        ),
        ErrorKind.AUTHENTICATION: _Told(
            403,
            "UnrecognizedClientException",
            "The security token included in the request is invalid.",
        ),
        ErrorKind.PERMISSION: _Told(
            403,
            "AccessDeniedException",
            "You don't have access to the model with the specified model ID.",
        ),
        ErrorKind.NOT_FOUND: _Told(
            404, "ResourceNotFoundException", "Could not find the model {model}."
        ),
        ErrorKind.INVALID_REQUEST: _Told(
            400, _INVALID, "Malformed input request, please reformat your input and try again."
        ),
        ErrorKind.CONTEXT_OVERFLOW: _Told(400, _INVALID, "Input is too long for requested model."),
        ErrorKind.CONTENT_FILTER: _Told(
            400,
            _INVALID,
            "The model returned the following errors: Output blocked by content filtering policy",
        ),
        ErrorKind.SERVER_ERROR: _Told(
            500,
            "InternalServerException",
            "The system encountered an unexpected error during processing. Try your request again.",
        ),
    }
)
# Exceptions that a stream may hold; any other is an error of the model there.
_IN_STREAM = MappingProxyType(
    {
        ErrorKind.RATE_LIMIT: "throttlingException",
        ErrorKind.OVERLOADED: "serviceUnavailableException",
        ErrorKind.INVALID_REQUEST: "validationException",
        ErrorKind.CONTEXT_OVERFLOW: "validationException",
        ErrorKind.CONTENT_FILTER: "validationException",
        ErrorKind.SERVER_ERROR: "internalServerException",
    }
)


def bedrock_refusal(question: Question, failure: Failure) -> Rendered:
    """Write an error response."""
    told = _ERRORS[failure.kind]
    body = encoded(written({"message": _message(question, failure)}))
    headers = bedrock_error_headers(failure, told.type, JSON)
    return Rendered(failure.status or told.status, headers, (Piece(None, body),))


def exception_event(question: Question, failure: Failure, line: int | None) -> Event:
    """Return the exception that breaks a stream off."""
    name = _IN_STREAM.get(failure.kind, "modelStreamErrorException")
    return line, name, written({"message": _message(question, failure)})


def _message(question: Question, failure: Failure) -> str:
    return failure.says(_ERRORS[failure.kind].message, question.model_of(None))
