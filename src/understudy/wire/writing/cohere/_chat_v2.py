"""Cohere's second chat API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .._encode import encoded, quoted, written
from .._framing import named_sse
from .._headers import JSON
from .._joined import blocks, call_id, joined
from .._rendered import Piece, Rendered
from .._reply import ThinkingLine
from ._headers import EVENT_STREAM, cohere_headers
from ._reasons import reason_v2
from ._refusals import cohere_refusal, error_message
from ._usage import cohere_usage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .._failure import Failure
    from .._framing import Event
    from .._joined import Block
    from .._question import Question
    from .._reply import Reply, ToolLine

_MESSAGE = '{"role":"assistant","content":[],"tool_plan":"","tool_calls":[],"citations":[]}'


class CohereChatV2:
    """Answers `v2/chat`: thoughts and texts are parts of the content, in order."""

    wire_api = "cohere.chat.v2"

    def write(self, question: Question, reply: Reply) -> Rendered:
        """Write an answer, or its events."""
        if question.stream:
            events = named_sse(_events(question, reply))
            return Rendered(200, cohere_headers(reply, EVENT_STREAM), events)
        body = encoded(written(_answer(reply)))
        return Rendered(200, cohere_headers(reply, JSON), (Piece(reply.last, body),))

    def refuse(self, question: Question, failure: Failure) -> Rendered:
        """Write an error."""
        return cohere_refusal(question, failure)


def _answer(reply: Reply) -> dict[str, Any]:
    message: dict[str, Any] = {"role": "assistant"}
    content = [_part(block, block.text) for block in blocks(reply) if block.tool is None]
    calls = [
        _call(reply, tool, number, tool.text) for number, tool in enumerate(joined(reply).tools)
    ]
    if content:
        message["content"] = content
    if calls:
        message["tool_calls"] = calls
    return {
        "id": reply.id,
        "message": message,
        "finish_reason": reason_v2(reply),
        "usage": cohere_usage(reply.usage),
    }


def _part(block: Block, text: str) -> dict[str, str]:
    kind = "thinking" if block.kind is ThinkingLine else "text"
    return {"type": kind, kind: text}


def _call(reply: Reply, tool: ToolLine, number: int, text: str) -> dict[str, Any]:
    called = {"name": tool.name, "arguments": text}
    identity = call_id(reply, tool, number, f"{tool.name}_")
    return {"id": identity, "type": "function", "function": called}


def _events(question: Question, reply: Reply) -> list[Event]:
    start = f'{{"id":{quoted(reply.id)},"type":"message-start","delta":{{"message":{_MESSAGE}}}}}'
    events: list[Event] = [(reply.first, "message-start", start)]
    parts = calls = 0
    for block in blocks(reply):
        tool = block.tool
        if tool is None:
            events += _part_events(block, parts)
            parts += 1
        else:
            events += _call_events(tool, _call(reply, tool, calls, ""), block.first, calls)
            calls += 1
    done: Event = (reply.last, "", "[DONE]")
    return [*events, (reply.last, "message-end", _end(question, reply)), done]


def _event(line: int, name: str, number: int, message: str) -> Event:
    data = f'{{"type":"{name}","index":{number},"delta":{{"message":{message}}}}}'
    return line, name, data


def _part_events(block: Block, number: int) -> Iterator[Event]:
    begun = written({"content": _part(block, "")})
    kind = "thinking" if block.kind is ThinkingLine else "text"
    before = f'{{"content":{{"{kind}":'
    yield _event(block.first, "content-start", number, begun)
    for place, line in block.lines:
        for chunk in line.chunks:
            yield _event(place, "content-delta", number, f"{before}{quoted(chunk)}}}}}")
    yield block.last, "content-end", f'{{"type":"content-end","index":{number}}}'


def _call_events(tool: ToolLine, begun: dict[str, Any], place: int, number: int) -> Iterator[Event]:
    yield _event(place, "tool-call-start", number, written({"tool_calls": begun}))
    for chunk in tool.chunks:
        piece = f'{{"tool_calls":{{"function":{{"arguments":{quoted(chunk)}}}}}}}'
        yield _event(place, "tool-call-delta", number, piece)
    yield place, "tool-call-end", f'{{"type":"tool-call-end","index":{number}}}'


def _end(question: Question, reply: Reply) -> str:
    delta: dict[str, Any] = {"finish_reason": reason_v2(reply)}
    if reply.broken_by is not None:
        error = error_message(question, reply.broken_by)
        delta = {"finish_reason": "ERROR", "error": error}
    delta["usage"] = cohere_usage(reply.usage)
    return written({"type": "message-end", "delta": delta})
