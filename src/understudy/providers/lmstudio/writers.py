"""The writer of LM Studio's own chat, and its errors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...wire.fields import word
from ...wire.writing import (
    NAMED_SSE,
    JsonApi,
    Kept,
    ThinkingLine,
    arguments,
    blocks,
    error_table,
    json_text,
    quoted,
    refusal,
)
from ._read import items_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ...wire import Question
    from ...wire.writing import Answers, Block, Event, Failure, Reply

_SECOND = 1000  # in milliseconds
_INVALID, _INTERNAL = "invalid_request", "internal_error"
_ERRORS = error_table(
    rate_limit=(429, "Too many requests", _INVALID),
    overloaded=(503, "The server is busy", _INTERNAL),
    authentication=(401, "Invalid API token", _INVALID, "invalid_api_token"),
    permission=(403, "The API token does not allow this", _INVALID),
    not_found=(404, 'Model "{model}" not found', "model_not_found"),
    invalid_request=(400, '"input" is required', _INVALID, "missing_required_parameter"),
    context_overflow=(400, "The context length was reached", _INVALID),
    content_filter=(400, "The request was blocked", _INVALID),
    server_error=(500, "An unexpected error occurred", _INTERNAL),
)


def error_body(question: Question, failure: Failure) -> dict[str, Any]:
    """Return the body of an error."""
    error = _ERRORS.of(question, failure)
    told = {"type": error.type, "message": error.message}
    return {"error": told if error.code is None else {**told, "code": error.code}}


def chat_answer(question: Question, reply: Reply) -> dict[str, Any]:
    """Return a whole answer: what was said and thought, in order, and the figures."""
    return {
        "model_instance_id": question.model_of(reply.model),
        "output": [_item(block) for block in blocks(reply)],
        "stats": _stats(reply),
        "response_id": f"resp_{reply.id}",
    }


def chat_events(question: Question, reply: Reply) -> list[Event]:
    """Return all events of a stream; the last one holds the whole answer."""
    model = question.model_of(reply.model)
    events = [_event(reply.first, "chat.start", model_instance_id=model)]
    events += [_event(reply.first, f"prompt_processing.{step}") for step in ("start", "end")]
    for block in blocks(reply):
        events += _call(block) if block.tool else _pieces(block)
    if reply.broken_by is not None:
        return [*events, _event(reply.last, "error", **error_body(question, reply.broken_by))]
    return [*events, _event(reply.last, "chat.end", result=chat_answer(question, reply))]


def _kept_ids(question: Question, reply: Reply) -> tuple[str | None]:
    """Return the id of the answer, but where it is not to be stored."""
    return (None if question.body.get("store") is False else f"resp_{reply.id}",)


def _resumed(body: Mapping[str, Any], answers: Answers) -> Mapping[str, Any]:
    """Put what was said before the request, with who said it, before its input."""
    before = answers.get(word(body.get("previous_response_id")) or "")
    if before is None:
        return body
    question, reply = before
    asked = [*items_of(question.body), {"role": "user"}]
    said = "".join(one.text for one in blocks(reply) if not one.tool and _kind(one) == "message")
    return {**body, "input": [*asked, {"role": "assistant", "content": said}, *items_of(body)]}


def _item(block: Block) -> dict[str, Any]:
    if (tool := block.tool) is not None:
        return {"type": "tool_call", "tool": tool.name, "arguments": arguments(tool), "output": ""}
    return {"type": _kind(block), "content": block.text}


def _kind(block: Block) -> str:
    return "reasoning" if block.kind is ThinkingLine else "message"


def _pieces(block: Block) -> list[Event]:
    kind = _kind(block)
    before, name = f'{{"type":"{kind}.delta","content":', f"{kind}.delta"
    deltas: list[Event] = [
        (place, name, f"{before}{quoted(chunk)}}}")
        for place, line in block.lines
        for chunk in line.chunks
    ]
    return [_event(block.first, f"{kind}.start"), *deltas, _event(block.last, f"{kind}.end")]


def _call(block: Block) -> list[Event]:
    assert block.tool is not None
    told = {"tool": block.tool.name, "arguments": arguments(block.tool)}
    return [
        _event(block.first, "tool_call.start", tool=block.tool.name),
        _event(block.first, "tool_call.arguments", **told),
        _event(block.last, "tool_call.success", **told, output=""),
    ]


def _event(place: int | None, kind: str, **told: Any) -> Event:
    return place, kind, json_text({"type": kind, **told})


def _stats(reply: Reply) -> dict[str, Any]:
    """Return the counts, and all of the time for the generation."""
    tokens = reply.usage.output_tokens or 0
    return {
        "input_tokens": reply.usage.input_tokens or 0,
        "total_output_tokens": tokens,
        "reasoning_output_tokens": reply.usage.reasoning_tokens or 0,
        "tokens_per_second": tokens * _SECOND / reply.latency_ms if reply.latency_ms else 0,
        "time_to_first_token_seconds": 0,
    }


WRITERS = (
    JsonApi(
        wire_api="lmstudio.chat",
        answer=chat_answer,
        events=chat_events,
        framing=NAMED_SSE._replace(content_type="text/event-stream"),
        refuse=refusal(_ERRORS, error_body),
        keeps=Kept(_kept_ids, _resumed),
    ),
)
