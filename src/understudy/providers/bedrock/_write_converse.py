"""What Bedrock answers to Converse, whole and as events; Nova speaks it to Invoke too."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from ...wire.writing import ThinkingLine, arguments, blocks, call_id, json_text, quoted, signature
from ._refusals import exception_event

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...calls import Usage
    from ...wire import Question
    from ...wire.writing import Block, Event, Reply

_REASONS = MappingProxyType(
    {
        "stop": "end_turn",
        "length": "max_tokens",
        "tool_calls": "tool_use",
        "content_filter": "content_filtered",
    }
)


def converse_answer(_question: Question, reply: Reply) -> dict[str, Any]:
    """Return a whole answer."""
    content = [_block_of(reply, one, place) for place, one in enumerate(blocks(reply))]
    return {
        "metrics": {"latencyMs": reply.latency_ms},
        "output": {"message": {"content": content, "role": "assistant"}},
        "stopReason": reply.reason_in(_REASONS),
        "usage": _usage(reply.usage),
    }


def content_events(_question: Question, reply: Reply) -> list[Event]:
    """Return the events of a stream without what ends it."""
    events: list[Event] = [(reply.first, "messageStart", '{"role":"assistant"}')]
    for number, block in enumerate(blocks(reply)):
        if block.tool is not None:
            use = {"name": block.tool.name, "toolUseId": _use_id(reply, block, number)}
            start = json_text({"contentBlockIndex": number, "start": {"toolUse": use}})
            events.append((block.first, "contentBlockStart", start))
        events += _deltas(reply, block, number)
        events.append((block.last, "contentBlockStop", f'{{"contentBlockIndex":{number}}}'))
    return events


def ending_events(_question: Question, reply: Reply) -> list[Event]:
    """Return the events that end a stream: why it stopped, and the usage."""
    metrics = {"latencyMs": reply.latency_ms}
    metadata = json_text({"usage": _usage(reply.usage), "metrics": metrics})
    stop = json_text({"stopReason": reply.reason_in(_REASONS)})
    return [(reply.last, "messageStop", stop), (reply.last, "metadata", metadata)]


def converse_events(question: Question, reply: Reply) -> list[Event]:
    """Return all events of a stream."""
    content = content_events(question, reply)
    if reply.broken_by is None:
        return [*content, *ending_events(question, reply)]
    return [*content, exception_event(question, reply.broken_by, reply.last)]


def _use_id(reply: Reply, block: Block, number: int) -> str:
    return "" if block.tool is None else call_id(reply, block.tool, number, "tooluse_")


def _block_of(reply: Reply, block: Block, number: int) -> dict[str, Any]:
    tool = block.tool
    if tool is not None:
        use_id = _use_id(reply, block, number)
        return {"toolUse": {"input": arguments(tool), "name": tool.name, "toolUseId": use_id}}
    if block.kind is ThinkingLine:
        text = {"text": block.text, "signature": signature(reply, number)}
        return {"reasoningContent": {"reasoningText": text}}
    return {"text": block.text}


def _deltas(reply: Reply, block: Block, number: int) -> Iterator[Event]:
    opening = f'{{"contentBlockIndex":{number},"delta":'
    before, after = _ends(block)
    for index, line in block.lines:
        for chunk in line.chunks:
            data = f"{opening}{before}{quoted(chunk)}{after}}}"
            yield index, "contentBlockDelta", data
    if block.kind is ThinkingLine:
        signed = json_text({"reasoningContent": {"signature": signature(reply, number)}})
        yield block.last, "contentBlockDelta", f"{opening}{signed}}}"


def _ends(block: Block) -> tuple[str, str]:
    if block.tool is not None:
        return '{"toolUse":{"input":', "}}"
    return (
        ('{"reasoningContent":{"text":', "}}") if block.kind is ThinkingLine else ('{"text":', "}")
    )


def fresh_input(usage: Usage) -> int:
    """Return the input that came neither from the cache nor went into it."""
    cached = (usage.cache_read_tokens or 0) + (usage.cache_write_tokens or 0)
    return max((usage.input_tokens or 0) - cached, 0)


def _usage(usage: Usage) -> dict[str, Any]:
    """Return the usage block; cache counts only where they are known."""
    cached = {
        "cacheReadInputTokens": usage.cache_read_tokens,
        "cacheWriteInputTokens": usage.cache_write_tokens,
    }
    known: dict[str, Any] = {name: one for name, one in cached.items() if one is not None}
    if usage.cache_write_1h_tokens is not None:
        known["cacheDetails"] = [{"ttl": "1h", "inputTokens": usage.cache_write_1h_tokens}]
    return {
        "inputTokens": fresh_input(usage),
        "outputTokens": usage.output_tokens or 0,
        "totalTokens": (usage.input_tokens or 0) + (usage.output_tokens or 0),
        **known,
    }
