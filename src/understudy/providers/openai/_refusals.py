"""The errors of OpenAI and of those who speak its wire APIs."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from ...wire.writing import ErrorKind, ProviderError, error_table, json_text, refusal, retry_after
from ._dialects import limits, own_headers

if TYPE_CHECKING:
    from ...wire import Question
    from ...wire.writing import Failure, Headers

_INVALID = "invalid_request_error"
_AZURE_FILTER = ProviderError(
    400,
    "The response was filtered due to the prompt triggering Azure OpenAI's content management"
    " policy. Please modify your prompt and retry.",
    _INVALID,
    "content_filter",
)
_ERRORS = error_table(
    rate_limit=(
        429,
        "Rate limit reached for {model} in organization understudy on requests per min (RPM):"
        " Limit 10000, Used 10000, Requested 1. Please try again later.",
        "requests",
        "rate_limit_exceeded",
    ),
    overloaded=(
        503,
        "The server is currently overloaded with other requests. Sorry about that! You can"
        " retry your request.",
        "server_error",
        "server_is_overloaded",
    ),
    authentication=(
        401,
        "Incorrect API key provided. You can find your API key at"
        " https://platform.openai.com/account/api-keys.",
        _INVALID,
        "invalid_api_key",
    ),
    permission=(
        403,
        "You have insufficient permissions for this operation.",
        _INVALID,
        "insufficient_permissions",
    ),
    not_found=(
        404,
        "The model `{model}` does not exist or you do not have access to it.",
        _INVALID,
        "model_not_found",
    ),
    invalid_request=(400, "We could not parse the JSON body of your request.", _INVALID),
    context_overflow=(
        400,
        "Your input exceeds the context window of this model. Please adjust your input and"
        " try again.",
        _INVALID,
        "context_length_exceeded",
    ),
    content_filter=(
        400,
        "Invalid prompt: your prompt was flagged as potentially violating our usage policy."
        " Please try again with a different prompt.",
        _INVALID,
        "invalid_prompt",
    ),
    server_error=(
        500,
        "The server had an error while processing your request. Sorry about that!",
        "server_error",
    ),
    others={("azure", ErrorKind.CONTENT_FILTER): _AZURE_FILTER},
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
_TOO_MANY = 429


def error_body(question: Question, failure: Failure) -> dict[str, Any]:
    """Return the body of an error."""
    if question.target.provider == "mistral":
        return _mistral_error(question, failure)
    return {"error": error_of(question, failure)}


def error_chunk(question: Question, failure: Failure) -> str:
    """Return the chunk that breaks a stream off."""
    return json_text({"error": error_of(question, failure)})


def error_of(question: Question, failure: Failure) -> dict[str, Any]:
    """Return the error itself."""
    error = _ERRORS.of(question, failure)
    return {"message": error.message, "type": error.type, "param": None, "code": error.code}


def _mistral_error(question: Question, failure: Failure) -> dict[str, Any]:
    error = _ERRORS.of(question, failure)
    kind, code = _MISTRAL.get(failure.kind, (_INVALID, "2000"))
    return {
        "object": "error",
        "message": error.message,
        "type": kind,
        "param": None,
        "code": code,
        "raw_status_code": error.status,
    }


def _headers(question: Question, failure: Failure, error: ProviderError) -> Headers:
    """Return the headers of an error; 429 says that no request is left, and when one is."""
    headers = own_headers(question, failure.id, "1")
    if error.status == _TOO_MANY:
        reset = ("x-ratelimit-reset-requests", f"{failure.wait or 1}s")
        headers = (*headers, *limits("0"), reset)
    if failure.retry_after is not None:
        milliseconds = ("retry-after-ms", f"{failure.retry_after * 1000:.0f}")
        headers = (*headers, *retry_after(failure), milliseconds)
    return headers


refuse = refusal(_ERRORS, error_body, _headers)
