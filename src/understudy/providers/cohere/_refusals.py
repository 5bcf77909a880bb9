"""The errors of Cohere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...wire.writing import Failure, Headers, ProviderError, error_table, refusal, retry_after

if TYPE_CHECKING:
    from ...wire import Question

NO_CACHE = ("cache-control", "no-cache, no-store, no-transform, must-revalidate")
_ERRORS = error_table(
    rate_limit=(429, "You are past the per minute request limit, please wait and try again later."),
    overloaded=(503, "the service is overloaded, please try again later"),
    authentication=(401, "invalid api token"),
    permission=(403, "your api key is not allowed to use this model"),
    not_found=(
        404,
        "model '{model}' not found, make sure the correct model ID was used and that you have"
        " access to the model.",
    ),
    invalid_request=(400, "invalid request: message must not be empty"),
    context_overflow=(
        400,
        "too many tokens: total number of tokens in the prompt exceeds the limit of 128000",
    ),
    content_filter=(400, "blocked input: please see our usage guidelines and try again"),
    server_error=(500, "internal server error, this has been reported to our developers"),
)


def error_message(question: Question, failure: Failure) -> str:
    """Return the message, which is all that an error within a stream has."""
    return _ERRORS.of(question, failure).message


def _body(question: Question, failure: Failure) -> dict[str, str]:
    return {"id": failure.id, "message": error_message(question, failure)}


def _headers(_question: Question, failure: Failure, _error: ProviderError) -> Headers:
    return (NO_CACHE, ("x-debug-trace-id", failure.id), *retry_after(failure))


refuse = refusal(_ERRORS, _body, _headers)
