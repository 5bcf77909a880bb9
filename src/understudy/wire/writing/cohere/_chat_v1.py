"""Cohere's first chat API: one text, streamed as JSON lines. It shows no thoughts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .._encode import encoded, quoted, written
from .._framing import json_lines
from .._headers import JSON
from .._joined import arguments, joined
from .._rendered import Piece, Rendered
from .._reply import RefusalLine, TextLine, ToolLine
from ._headers import LINES, cohere_headers
from ._reasons import reason_v1
from ._refusals import cohere_refusal, error_message
from ._usage import cohere_meta

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .._failure import Failure
    from .._framing import Event
    from .._question import Question
    from .._reply import Reply


class CohereChatV1:
    """Answers `v1/chat`."""

    wire_api = "cohere.chat.v1"

    def write(self, question: Question, reply: Reply) -> Rendered:
        """Write an answer, or its events."""
        if question.stream:
            events = [*content_events(reply), *_endings(question, reply)]
            return Rendered(200, cohere_headers(reply, LINES), json_lines(events))
        body = encoded(written(chat_answer(question, reply)))
        return Rendered(200, cohere_headers(reply, JSON), (Piece(reply.last, body),))

    def refuse(self, question: Question, failure: Failure) -> Rendered:
        """Write an error."""
        return cohere_refusal(question, failure)


def chat_answer(question: Question, reply: Reply) -> dict[str, Any]:
    """Return a whole answer."""
    content = joined(reply)
    text = (content.text or "") + (content.refusal or "")
    asked = question.body.get("message")
    history = [{"role": "USER", "message": asked}] if isinstance(asked, str) else []
    answer: dict[str, Any] = {
        "response_id": reply.id,
        "text": text,
        "generation_id": f"gen-{reply.id}",
        "chat_history": [*history, {"role": "CHATBOT", "message": text}],
        "finish_reason": reason_v1(reply),
    }
    if content.tools:
        answer["tool_calls"] = _calls(content.tools)
    return {**answer, "meta": cohere_meta(reply.usage)}


def content_events(reply: Reply) -> list[Event]:
    """Return the start, pieces of text, tool calls in pieces and then together."""
    start = {"is_finished": False, "event_type": "stream-start", "generation_id": f"gen-{reply.id}"}
    events: list[Event] = [(reply.first, "", written(start))]
    tools: list[ToolLine] = []
    for place, line in enumerate(reply.lines):
        if isinstance(line, ToolLine):
            events += _call_events(place, line, len(tools))
            tools.append(line)
        elif isinstance(line, TextLine | RefusalLine):
            before = '{"is_finished":false,"event_type":"text-generation","text":'
            events += [(place, "", f"{before}{quoted(chunk)}}}") for chunk in line.chunks]
    if tools:
        name = "tool-calls-generation"
        calls = {"is_finished": False, "event_type": name, "tool_calls": _calls(tools)}
        events.append((reply.last, "", written(calls)))
    return events


def ending_events(question: Question, reply: Reply) -> list[Event]:
    """Return the end, which holds the whole answer."""
    end = {
        "is_finished": True,
        "event_type": "stream-end",
        "response": chat_answer(question, reply),
        "finish_reason": reason_v1(reply),
    }
    return [(reply.last, "", written(end))]


def _endings(question: Question, reply: Reply) -> list[Event]:
    if reply.broken_by is None:
        return ending_events(question, reply)
    end = {
        "is_finished": True,
        "event_type": "stream-end",
        "finish_reason": "ERROR",
        "error": error_message(question, reply.broken_by),
        "response": {**chat_answer(question, reply), "finish_reason": "ERROR"},
    }
    return [(reply.last, "", written(end))]


def _calls(tools: Sequence[ToolLine]) -> list[dict[str, Any]]:
    return [{"name": tool.name, "parameters": arguments(tool)} for tool in tools]


def _call_events(place: int, tool: ToolLine, number: int) -> list[Event]:
    before = '{"is_finished":false,"event_type":"tool-calls-chunk","tool_call_delta":'
    named = f'{{"index":{number},"name":{quoted(tool.name)}}}'
    pieces = [f'{{"index":{number},"parameters":{quoted(chunk)}}}' for chunk in tool.chunks]
    return [(place, "", f"{before}{delta}}}") for delta in (named, *pieces)]
