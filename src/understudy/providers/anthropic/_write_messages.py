"""What Anthropic answers to messages, whole and as events, and to its old text completions."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from ...wire import writing
from ...wire.fields import mapping, mappings, word
from ._refusals import error_body

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ...calls import Usage
    from ...wire import Question
    from ...wire.writing import Answers, Block, Event, Line, Reply

_REASONS = writing.reasons(
    stop="end_turn", length="max_tokens", tool_calls="tool_use", content_filter="refusal"
)


def head(question: Question, reply: Reply) -> dict[str, Any]:
    """Return what a message says of itself."""
    return {
        "model": question.model_of(reply.model),
        "id": f"msg_{reply.id}",
        "type": "message",
        "role": "assistant",
    }


def message(question: Question, reply: Reply) -> dict[str, Any]:
    """Return a whole `message`."""
    tokens = reply.usage.output_tokens or 0
    return {
        **head(question, reply),
        "content": _content(reply),
        "stop_reason": reply.reason_in(_REASONS),
        "stop_sequence": None,
        "usage": {**message_usage(reply.usage, tokens), **output_usage(reply.usage)},
    }


def _content(reply: Reply) -> list[dict[str, Any]]:
    return [block_of(reply, one, place) for place, one in enumerate(writing.blocks(reply))]


def kept_ids(_question: Question, reply: Reply) -> tuple[str]:
    """Return the id of the answer, by which a thread is continued."""
    return (f"msg_{reply.id}",)


def resumed(body: Mapping[str, Any], answers: Answers) -> Mapping[str, Any]:
    """Put the thread before the messages; its system text and its tools are those it began with."""
    thread = mapping(body.get("thread"))
    before = answers.get(word(thread.get("previous_message_id")) or "")
    if before is None:
        return body
    question, reply = before
    begun = {name: question.body[name] for name in ("system", "tools") if name in question.body}
    said = {"role": "assistant", "content": _content(reply)}
    earlier = mappings(question.body.get("messages"))
    return {**begun, **body, "messages": [*earlier, said, *mappings(body.get("messages"))]}


def block_of(reply: Reply, block: Block, number: int) -> dict[str, Any]:
    """Return a block of content with all that is in it."""
    begun = begun_block(reply, block, number)
    if block.tool is not None:
        return {**begun, "input": writing.arguments(block.tool)}
    if block.kind is writing.ThinkingLine:
        return {**begun, "thinking": block.text, "signature": writing.signature(reply, number)}
    return {**begun, "text": block.text}


def begun_block(reply: Reply, block: Block, number: int) -> dict[str, Any]:
    """Return a block of content before anything is in it."""
    tool = block.tool
    if tool is not None:
        tool_id = writing.call_id(reply, tool, number, "toolu_")
        return {"type": "tool_use", "id": tool_id, "name": tool.name, "input": {}}
    if block.kind is writing.ThinkingLine:
        return {"type": "thinking", "thinking": "", "signature": ""}
    return {"type": "text", "text": ""}


def input_usage(usage: Usage) -> dict[str, int]:
    """Return the counts of the input, cached input apart; what is unknown is 0."""
    read, written = usage.cache_read_tokens or 0, usage.cache_write_tokens or 0
    return {
        "input_tokens": max((usage.input_tokens or 0) - read - written, 0),
        "cache_creation_input_tokens": written,
        "cache_read_input_tokens": read,
    }


def message_usage(usage: Usage, output_tokens: int) -> dict[str, Any]:
    """Return the block of a message with `output_tokens` so far."""
    hour = usage.cache_write_1h_tokens or 0
    creation = {
        "ephemeral_5m_input_tokens": max((usage.cache_write_tokens or 0) - hour, 0),
        "ephemeral_1h_input_tokens": hour,
    }
    return {
        **input_usage(usage),
        "cache_creation": creation,
        "output_tokens": output_tokens,
        "service_tier": "standard",
    }


def output_usage(usage: Usage) -> dict[str, Any]:
    """Return the counts of the whole output; thoughts only where they are known."""
    counts: dict[str, Any] = {"output_tokens": usage.output_tokens or 0}
    if usage.reasoning_tokens is not None:
        counts["output_tokens_details"] = {"thinking_tokens": usage.reasoning_tokens}
    return counts


_PING = '{"type": "ping"}'
_OPENINGS: Mapping[type[Line], str] = MappingProxyType(
    {
        writing.ToolLine: '"input_json_delta","partial_json":',
        writing.ThinkingLine: '"thinking_delta","thinking":',
    }
)


def message_events(question: Question, reply: Reply) -> list[Event]:
    """Return all events: the start, a ping, each block with its deltas, the stop."""
    if reply.broken_by is None:
        return [*content_events(question, reply), *ending_events(question, reply)]
    error = writing.json_text(error_body(question, reply.broken_by))
    return [*content_events(question, reply), (reply.last, "error", error)]


def content_events(question: Question, reply: Reply) -> list[Event]:
    """Return the events that begin a message and bring its content."""
    events = [_start(question, reply)]
    for number, block in enumerate(writing.blocks(reply)):
        begun = writing.json_text(begun_block(reply, block, number))
        data = f'{{"type":"content_block_start","index":{number},"content_block":{begun}}}'
        events.append((block.first, "content_block_start", data))
        if not number:
            events.append((block.first, "ping", _PING))
        events += _deltas(reply, block, number)
        stop = f'{{"type":"content_block_stop","index":{number}}}'
        events.append((block.last, "content_block_stop", stop))
    return events


def ending_events(_question: Question, reply: Reply) -> list[Event]:
    """Return the events that end a message: why it stopped, and the usage."""
    delta = {"stop_reason": reply.reason_in(_REASONS), "stop_sequence": None}
    usage = {**input_usage(reply.usage), **output_usage(reply.usage)}
    data = writing.json_text({"type": "message_delta", "delta": delta, "usage": usage})
    stop = '{"type":"message_stop"}'
    return [(reply.last, "message_delta", data), (reply.last, "message_stop", stop)]


def _start(question: Question, reply: Reply) -> Event:
    begun = min(reply.usage.output_tokens or 0, 1)
    message = {
        **head(question, reply),
        "content": [],
        "stop_reason": None,
        "stop_sequence": None,
        "usage": message_usage(reply.usage, begun),
    }
    data = writing.json_text({"type": "message_start", "message": message})
    return reply.first, "message_start", data


def _deltas(reply: Reply, block: Block, number: int) -> list[Event]:
    name = "content_block_delta"
    before = f'{{"type":"{name}","index":{number},"delta":{{"type":'
    opening = _OPENINGS.get(block.kind, '"text_delta","text":')
    events = writing.chunk_events(block.lines, f"{before}{opening}", "}}", name)
    if block.kind is writing.ThinkingLine:
        signed = writing.quoted(writing.signature(reply, number))
        events.append((block.last, name, f'{before}"signature_delta","signature":{signed}}}}}'))
    return events


_NAME = "completion"


def completion(question: Question, reply: Reply) -> dict[str, Any]:
    """Return a whole `completion`; thoughts and tool calls have no place in it."""
    return _completion(question, reply, writing.joined(reply).plain)


def _completion(question: Question, reply: Reply, text: str) -> dict[str, Any]:
    """Return a `completion` that is over."""
    length = reply.reason in ("length", "max_tokens")
    return {
        "type": _NAME,
        "id": f"compl_{reply.id}",
        "completion": text,
        "stop_reason": "max_tokens" if length else "stop_sequence",
        "model": question.model_of(reply.model),
        "stop": None if length else "\n\nHuman:",
        "log_id": f"compl_{reply.id}",
    }


def completion_events(question: Question, reply: Reply) -> list[Event]:
    """Return a `completion` for each piece of text, and one that is over."""
    last = _completion(question, reply, "")
    others = {name: value for name, value in last.items() if name != "completion"}
    after = writing.members({**others, "stop_reason": None, "stop": None})
    events = writing.text_events(reply, '{"completion":', f",{after}}}", _NAME)
    if reply.broken_by is not None:
        error = writing.json_text(error_body(question, reply.broken_by))
        return [*events, (reply.last, "error", error)]
    return [*events, (reply.last, _NAME, writing.json_text(last))]
