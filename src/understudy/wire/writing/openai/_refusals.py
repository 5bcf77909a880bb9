"""The errors of OpenAI and of those who speak its wire APIs."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from .._encode import encoded, written
from .._failure import ErrorKind
from .._headers import JSON
from .._rendered import Piece, Rendered
from ._headers import openai_error_headers

if TYPE_CHECKING:
    from .._failure import Failure
    from .._question import Question


class Told(NamedTuple):
    """What an error says; `message` may name `{model}`."""

    status: int
    type: str
    code: str | None
    message: str


_INVALID = "invalid_request_error"
_ERRORS = MappingProxyType(
    {
        ErrorKind.RATE_LIMIT: Told(
            429,
            "requests",
            "rate_limit_exceeded",
            "Rate limit reached for {model} in organization understudy on requests per min (RPM):"
            " Limit 10000, Used 10000, Requested 1. Please try again later.",
        ),
        ErrorKind.OVERLOADED: Told(
            503,
            "server_error",
            "server_is_overloaded",
            "The server is currently overloaded with other requests. Sorry about that! You can"
            " retry your request.",
        ),
        ErrorKind.AUTHENTICATION: Told(
            401,
            _INVALID,
            "invalid_api_key",
            "Incorrect API key provided. You can find your API key at"
            " https://platform.openai.com/account/api-keys.",
        ),
        ErrorKind.PERMISSION: Told(
            403,
            _INVALID,
            "insufficient_permissions",
            "You have insufficient permissions for this operation.",
        ),
        ErrorKind.NOT_FOUND: Told(
            404,
            _INVALID,
            "model_not_found",
            "The model `{model}` does not exist or you do not have access to it.",
        ),
        ErrorKind.INVALID_REQUEST: Told(
            400, _INVALID, None, "We could not parse the JSON body of your request."
        ),
        ErrorKind.CONTEXT_OVERFLOW: Told(
            400,
            _INVALID,
            "context_length_exceeded",
            "Your input exceeds the context window of this model. Please adjust your input and"
            " try again.",
        ),
        ErrorKind.CONTENT_FILTER: Told(
            400,
            _INVALID,
            "invalid_prompt",
            "Invalid prompt: your prompt was flagged as potentially violating our usage policy."
            " Please try again with a different prompt.",
        ),
        ErrorKind.SERVER_ERROR: Told(
            500,
            "server_error",
            None,
            "The server had an error while processing your request. Sorry about that!",
        ),
    }
)
_AZURE_FILTER = Told(
    400,
    _INVALID,
    "content_filter",
    "The response was filtered due to the prompt triggering Azure OpenAI's content management"
    " policy. Please modify your prompt and retry.",
)
_MISTRAL = MappingProxyType(
    {
        ErrorKind.RATE_LIMIT: ("rate_limited", "1300"),
        ErrorKind.OVERLOADED: ("service_tier_capacity_exceeded", "3505"),
        ErrorKind.AUTHENTICATION: ("unauthorized", "1000"),
        ErrorKind.NOT_FOUND: ("invalid_model", "1500"),
        ErrorKind.CONTEXT_OVERFLOW: ("context_length_exceeded", "3051"),
        ErrorKind.SERVER_ERROR: ("internal_server_error", "1000"),
    }
)


def openai_refusal(question: Question, failure: Failure) -> Rendered:
    """Write an error response."""
    status = failure.status or told(question, failure).status
    headers = openai_error_headers(question, failure, status, JSON)
    body = encoded(written(error_body(question, failure)))
    return Rendered(status, headers, (Piece(None, body),))


def error_body(question: Question, failure: Failure) -> dict[str, Any]:
    """Return the body of an error."""
    if question.target.provider == "mistral":
        return _mistral_error(question, failure)
    return {"error": error_of(question, failure)}


def error_chunk(question: Question, failure: Failure) -> str:
    """Return the chunk that breaks a stream off."""
    return written({"error": error_of(question, failure)})


def error_of(question: Question, failure: Failure) -> dict[str, Any]:
    """Return the error itself."""
    one = told(question, failure)
    return {"message": one.message, "type": one.type, "param": None, "code": one.code}


def told(question: Question, failure: Failure) -> Told:
    """Return what is told of a failure, its message filled in."""
    azure = question.target.provider == "azure" and failure.kind is ErrorKind.CONTENT_FILTER
    one = _AZURE_FILTER if azure else _ERRORS[failure.kind]
    return one._replace(message=failure.says(one.message, question.model_of(None)))


def _mistral_error(question: Question, failure: Failure) -> dict[str, Any]:
    one = told(question, failure)
    kind, code = _MISTRAL.get(failure.kind, (_INVALID, "2000"))
    status = failure.status or one.status
    return {
        "object": "error",
        "message": one.message,
        "type": kind,
        "param": None,
        "code": code,
        "raw_status_code": status,
    }
