"""What Cohere's first API answers to chat and generate, whole and as JSON lines.

It shows no thoughts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...wire.fields import mappings, word
from ...wire.writing import (
    RefusalLine,
    TextLine,
    ToolLine,
    arguments,
    choices,
    joined,
    json_text,
    quoted,
    reasons,
    text_events,
)
from ._refusals import error_message
from ._write_chat_v2 import usage_block

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ...calls import Usage
    from ...wire import Question
    from ...wire.writing import Answers, Event, Reply

_REASONS = reasons(
    stop="COMPLETE", tool_calls="COMPLETE", length="MAX_TOKENS", content_filter="ERROR_TOXIC"
)
_TEXT = '{"is_finished":false,"event_type":"text-generation","text":'


def chat_answer(question: Question, reply: Reply) -> dict[str, Any]:
    """Return a whole answer."""
    content = joined(reply)
    text = content.plain
    asked = question.body.get("message")
    history = [{"role": "USER", "message": asked}] if isinstance(asked, str) else []
    answer: dict[str, Any] = {
        "response_id": reply.id,
        "text": text,
        "generation_id": f"gen-{reply.id}",
        "chat_history": [*history, {"role": "CHATBOT", "message": text}],
        "finish_reason": reply.reason_in(_REASONS),
    }
    if content.tools:
        answer["tool_calls"] = _calls(content.tools)
    return {**answer, "meta": _meta(reply.usage)}


def kept_ids(question: Question, _reply: Reply) -> tuple[str | None, ...]:
    """Return the id of the conversation that goes on with the answer."""
    return None, word(question.body.get("conversation_id"))


def resumed(body: Mapping[str, Any], answers: Answers) -> Mapping[str, Any]:
    """Put the conversation before the message, as its history."""
    before = answers.get(word(body.get("conversation_id")) or "")
    return body if before is None else {**body, "chat_history": _history(*before)}


def _history(question: Question, reply: Reply) -> list[dict[str, Any]]:
    """Return what was said up to the answer, and the answer."""
    body, content = question.body, joined(reply)
    history = mappings(body.get("chat_history"))
    if message := word(body.get("message")):
        history.append({"role": "USER", "message": message})
    if results := mappings(body.get("tool_results")):
        history.append({"role": "TOOL", "tool_results": results})
    said: dict[str, Any] = {"role": "CHATBOT", "message": content.plain}
    return [*history, {**said, "tool_calls": _calls(content.tools)} if content.tools else said]


def content_events(_question: Question, reply: Reply) -> list[Event]:
    """Return the start, pieces of text, tool calls in pieces and then together."""
    start = {"is_finished": False, "event_type": "stream-start", "generation_id": f"gen-{reply.id}"}
    events: list[Event] = [(reply.first, "", json_text(start))]
    tools: list[ToolLine] = []
    for place, line in enumerate(reply.lines):
        if isinstance(line, ToolLine):
            events += _call_events(place, line, len(tools))
            tools.append(line)
        elif isinstance(line, TextLine | RefusalLine):
            events += [(place, "", f"{_TEXT}{quoted(chunk)}}}") for chunk in line.chunks]
    if tools:
        name = "tool-calls-generation"
        calls = {"is_finished": False, "event_type": name, "tool_calls": _calls(tools)}
        events.append((reply.last, "", json_text(calls)))
    return events


def ending_events(question: Question, reply: Reply) -> list[Event]:
    """Return the end, which holds the whole answer."""
    end = {
        "is_finished": True,
        "event_type": "stream-end",
        "response": chat_answer(question, reply),
        "finish_reason": reply.reason_in(_REASONS),
    }
    return [(reply.last, "", json_text(end))]


def chat_events(question: Question, reply: Reply) -> list[Event]:
    """Return all events of `v1/chat`."""
    content = content_events(question, reply)
    if reply.broken_by is None:
        return [*content, *ending_events(question, reply)]
    end = {
        "is_finished": True,
        "event_type": "stream-end",
        "finish_reason": "ERROR",
        "error": error_message(question, reply.broken_by),
        "response": {**chat_answer(question, reply), "finish_reason": "ERROR"},
    }
    return [*content, (reply.last, "", json_text(end))]


def _calls(tools: Sequence[ToolLine]) -> list[dict[str, Any]]:
    return [{"name": tool.name, "parameters": arguments(tool)} for tool in tools]


def _call_events(place: int, tool: ToolLine, number: int) -> list[Event]:
    before = '{"is_finished":false,"event_type":"tool-calls-chunk","tool_call_delta":'
    named = f'{{"index":{number},"name":{quoted(tool.name)}}}'
    pieces = [f'{{"index":{number},"parameters":{quoted(chunk)}}}' for chunk in tool.chunks]
    return [(place, "", f"{before}{delta}}}") for delta in (named, *pieces)]


def generate_answer(question: Question, reply: Reply) -> dict[str, Any]:
    """Return a whole answer of `v1/generate`: its generations all say the same."""
    said = {"text": joined(reply).plain, "finish_reason": reply.reason_in(_REASONS)}
    indices = choices(question.body.get("num_generations"))
    return {
        "id": reply.id,
        "generations": [{"id": f"gen-{reply.id}{index or ''}", **said} for index in indices],
        "prompt": question.body.get("prompt"),
        "meta": _meta(reply.usage),
    }


def generate_events(question: Question, reply: Reply) -> list[Event]:
    """Return all events of `v1/generate`."""
    end: dict[str, Any] = {"is_finished": True}
    if reply.broken_by is None:
        end |= {"event_type": "stream-end", "finish_reason": reply.reason_in(_REASONS)}
        end["response"] = generate_answer(question, reply)
    else:
        end |= {"event_type": "stream-error", "finish_reason": "ERROR"}
        end["err"] = error_message(question, reply.broken_by)
    return [*text_events(reply, _TEXT, "}"), (reply.last, "", json_text(end))]


def _meta(usage: Usage) -> dict[str, Any]:
    return {"api_version": {"version": "1"}, **usage_block(usage)}
