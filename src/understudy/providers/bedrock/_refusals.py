"""The exceptions of Bedrock, as responses and within a stream."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from ...wire.writing import ErrorKind, ProviderError, error_table, json_text, refusal, retry_after

if TYPE_CHECKING:
    from ...wire import Question
    from ...wire.writing import Event, Failure, Headers

_INVALID = "ValidationException"
_ERRORS = error_table(
    rate_limit=(429, "Too many requests, please wait before trying again.", "ThrottlingException"),
    overloaded=(503, "Bedrock is unable to process your request.", "ServiceUnavailableException"),
    authentication=(
        403,
        "The security token included in the request is invalid.",
        "UnrecognizedClientException",
    ),
    permission=(
        403,
        "You don't have access to the model with the specified model ID.",
        "AccessDeniedException",
    ),
    not_found=(404, "Could not find the model {model}.", "ResourceNotFoundException"),
    invalid_request=(
        400,
        "Malformed input request, please reformat your input and try again.",
        _INVALID,
    ),
    context_overflow=(400, "Input is too long for requested model.", _INVALID),
    content_filter=(
        400,
        "The model returned the following errors: Output blocked by content filtering policy",
        _INVALID,
    ),
    server_error=(
        500,
        "The system encountered an unexpected error during processing. Try your request again.",
        "InternalServerException",
    ),
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


def exception_event(question: Question, failure: Failure, line: int | None) -> Event:
    """Return the exception that breaks a stream off."""
    name = _IN_STREAM.get(failure.kind, "modelStreamErrorException")
    return line, name, json_text(_body(question, failure))


def _body(question: Question, failure: Failure) -> dict[str, str]:
    return {"message": _ERRORS.of(question, failure).message}


def _headers(_question: Question, failure: Failure, error: ProviderError) -> Headers:
    """Return the headers of an error; its type stands there, not in the body."""
    request_id = ("x-amzn-requestid", failure.id)
    return (request_id, ("x-amzn-errortype", error.type), *retry_after(failure))


refuse = refusal(_ERRORS, _body, _headers)
