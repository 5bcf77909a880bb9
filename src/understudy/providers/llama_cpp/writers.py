"""The writer of llama.cpp's own completions, and its errors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...wire.prompts import text_of
from ...wire.writing import (
    SSE,
    JsonApi,
    error_table,
    joined,
    json_text,
    reasons,
    refusal,
    text_events,
)

if TYPE_CHECKING:
    from ...calls import Usage
    from ...wire import Question
    from ...wire.writing import Event, Failure, Headers, Reply

_INVALID = "invalid_request_error"
_ERRORS = error_table(
    rate_limit=(429, "Too many requests", "unavailable_error"),
    overloaded=(503, "Loading model", "unavailable_error"),
    authentication=(401, "Invalid API Key", "authentication_error"),
    permission=(403, "Forbidden", "permission_error"),
    not_found=(404, "model '{model}' not found", "not_found_error"),
    invalid_request=(400, "Invalid request", _INVALID),
    context_overflow=(
        400,
        "the request exceeds the available context size, try increasing it",
        "exceed_context_size_error",
    ),
    content_filter=(400, "The request was blocked", _INVALID),
    server_error=(500, "Internal server error", "server_error"),
)
_REASONS = reasons(stop="eos", tool_calls="eos", length="limit")


def error_body(question: Question, failure: Failure) -> dict[str, Any]:
    """Return the body of an error, which is also the event that breaks a stream off."""
    error = _ERRORS.of(question, failure)
    return {"error": {"code": error.status, "message": error.message, "type": error.type}}


def completion(question: Question, reply: Reply) -> dict[str, Any] | list[dict[str, Any]]:
    """Return a whole answer, of several prompts a list; thoughts and tools have no place in it."""
    text, prompts = joined(reply).plain, _prompts(question)
    answers = [_answer(question, reply, text, index) for index in range(len(prompts))]
    return answers if len(prompts) > 1 else answers[0]


def completion_events(question: Question, reply: Reply) -> list[Event]:
    """Return the pieces of the text, for each prompt after the other, and their ends."""
    events: list[Event] = []
    for index in range(len(_prompts(question))):
        before = f'{{"index":{index},"content":'
        events += text_events(reply, before, ',"tokens":[],"stop":false,"id_slot":-1}')
    if reply.broken_by is not None:
        broken = json_text(error_body(question, reply.broken_by))
        return [*_in_order(events), (reply.last, "", broken)]
    ends = [_answer(question, reply, "", index) for index in range(len(_prompts(question)))]
    return [*_in_order(events), *((reply.last, "", json_text(each)) for each in ends)]


def _in_order(events: list[Event]) -> list[Event]:
    """Sort by the line that each belongs to: prompts are answered side by side."""
    return sorted(events, key=lambda event: event[0] or 0)


def _answer(question: Question, reply: Reply, text: str, index: int) -> dict[str, Any]:
    usage = reply.usage
    return {
        "index": index,
        "content": text,
        "tokens": [],
        "id_slot": 0,
        "stop": True,
        "model": question.model_of(reply.model),
        "tokens_predicted": usage.output_tokens or 0,
        "tokens_evaluated": usage.input_tokens or 0,
        "generation_settings": {},
        "prompt": _prompts(question)[index],
        "has_new_line": "\n" in joined(reply).plain,
        "truncated": False,
        "stop_type": reply.reason_in(_REASONS),
        "stopping_word": "",
        "tokens_cached": (usage.input_tokens or 0) + (usage.output_tokens or 0),
        "timings": _timings(usage, reply.latency_ms),
    }


def _timings(usage: Usage, latency_ms: int) -> dict[str, int]:
    """Return the counts, and all of the time for the generation."""
    cached = usage.cache_read_tokens or 0
    return {
        "cache_n": cached,
        "prompt_n": (usage.input_tokens or 0) - cached,
        "prompt_ms": 0,
        "predicted_n": usage.output_tokens or 0,
        "predicted_ms": latency_ms,
    }


def _prompts(question: Question) -> list[str]:
    """Return the prompts; numbers are tokens, of one prompt."""
    asked = question.body.get("prompt")
    if isinstance(asked, list) and asked and not isinstance(asked[0], int):
        return [text_of(one) for one in asked]
    return [text_of(asked)]


def _headers(_question: Question, _reply: Reply) -> Headers:
    return (("server", "llama.cpp"),)


WRITERS = (
    JsonApi(
        wire_api="llamacpp.completion",
        answer=completion,
        events=completion_events,
        framing=SSE._replace(content_type="text/event-stream"),
        headers=_headers,
        refuse=refusal(_ERRORS, error_body),
        content_type="application/json; charset=utf-8",
    ),
)
