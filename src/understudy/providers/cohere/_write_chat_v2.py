"""What Cohere's second API answers to chat, whole and as server-sent events."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...wire import writing
from ._refusals import error_message

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...calls import Usage
    from ...wire import Question
    from ...wire.writing import Block, Event, Reply, ToolLine

_MESSAGE = '{"role":"assistant","content":[],"tool_plan":"","tool_calls":[],"citations":[]}'
_REASONS = writing.reasons(
    stop="COMPLETE", tool_calls="TOOL_CALL", length="MAX_TOKENS", content_filter="ERROR"
)


def chat_answer(question: Question, reply: Reply) -> dict[str, Any]:
    """Return a whole answer: thoughts and texts are parts of the content, in order."""
    message: dict[str, Any] = {"role": "assistant"}
    content = [_part(block, block.text) for block in writing.blocks(reply) if block.tool is None]
    calls = [
        _call(reply, tool, number, tool.text)
        for number, tool in enumerate(writing.joined(reply).tools)
    ]
    if content:
        message["content"] = content
    if calls:
        message["tool_calls"] = calls
    answer: dict[str, Any] = {
        "id": reply.id,
        "message": message,
        "finish_reason": reply.reason_in(_REASONS),
        "usage": usage_block(reply.usage),
    }
    if question.body.get("logprobs") is True:
        answer["logprobs"] = [
            _likelihood(one)
            for one in writing.chunks_of(reply, writing.TextLine, writing.RefusalLine)
        ]
    return answer


def _likelihood(chunk: str) -> dict[str, Any]:
    """Return how likely the tokens of a piece of text were."""
    tokens = writing.likely([chunk])
    return {
        "text": chunk,
        "token_ids": [one.number for one in tokens],
        "logprobs": [one.logprob for one in tokens],
    }


def _part(block: Block, text: str) -> dict[str, str]:
    kind = "thinking" if block.kind is writing.ThinkingLine else "text"
    return {"type": kind, kind: text}


def _call(reply: Reply, tool: ToolLine, number: int, text: str) -> dict[str, Any]:
    called = {"name": tool.name, "arguments": text}
    identity = writing.call_id(reply, tool, number, f"{tool.name}_")
    return {"id": identity, "type": "function", "function": called}


def chat_events(question: Question, reply: Reply) -> list[Event]:
    """Return all events: the start, each part and call with its deltas, the end."""
    own = writing.quoted(reply.id)
    start = f'{{"id":{own},"type":"message-start","delta":{{"message":{_MESSAGE}}}}}'
    events: list[Event] = [(reply.first, "message-start", start)]
    parts = calls = 0
    for block in writing.blocks(reply):
        tool = block.tool
        if tool is None:
            told = question.body.get("logprobs") is True and block.kind is not writing.ThinkingLine
            events += _part_events(block, parts, told=told)
            parts += 1
        else:
            events += _call_events(tool, _call(reply, tool, calls, ""), block.first, calls)
            calls += 1
    done: Event = (reply.last, "", "[DONE]")
    return [*events, (reply.last, "message-end", _end(question, reply)), done]


def _event(line: int, name: str, number: int, message: str) -> Event:
    data = f'{{"type":"{name}","index":{number},"delta":{{"message":{message}}}}}'
    return line, name, data


def _part_events(block: Block, number: int, *, told: bool) -> Iterator[Event]:
    begun = writing.json_text({"content": _part(block, "")})
    kind = "thinking" if block.kind is writing.ThinkingLine else "text"
    before = f'{{"content":{{"{kind}":'
    yield _event(block.first, "content-start", number, begun)
    for place, line in block.lines:
        for chunk in line.chunks:
            event = _event(place, "content-delta", number, f"{before}{writing.quoted(chunk)}}}}}")
            likelihood = f',"logprobs":{writing.json_text(_likelihood(chunk))}}}' if told else "}"
            yield place, event[1], f"{event[2][:-1]}{likelihood}"
    yield block.last, "content-end", f'{{"type":"content-end","index":{number}}}'


def _call_events(tool: ToolLine, begun: dict[str, Any], place: int, number: int) -> Iterator[Event]:
    yield _event(place, "tool-call-start", number, writing.json_text({"tool_calls": begun}))
    for chunk in tool.chunks:
        piece = f'{{"tool_calls":{{"function":{{"arguments":{writing.quoted(chunk)}}}}}}}'
        yield _event(place, "tool-call-delta", number, piece)
    yield place, "tool-call-end", f'{{"type":"tool-call-end","index":{number}}}'


def _end(question: Question, reply: Reply) -> str:
    delta: dict[str, Any] = {"finish_reason": reply.reason_in(_REASONS)}
    if reply.broken_by is not None:
        error = error_message(question, reply.broken_by)
        delta = {"finish_reason": "ERROR", "error": error}
    delta["usage"] = usage_block(reply.usage)
    return writing.json_text({"type": "message-end", "delta": delta})


def usage_block(usage: Usage) -> dict[str, Any]:
    """Return what was processed and what is billed, here the same; what is unknown is 0."""
    counts = {"input_tokens": usage.input_tokens or 0, "output_tokens": usage.output_tokens or 0}
    block: dict[str, Any] = {"billed_units": counts, "tokens": counts}
    if usage.cache_read_tokens is not None:
        block["cached_tokens"] = usage.cache_read_tokens
    return block
