"""The message of Converse, whole and as events; Nova speaks it to Invoke too."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from .._encode import quoted, written
from .._joined import arguments, blocks, call_id, signature
from .._reply import ThinkingLine
from ._usage import converse_usage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .._framing import Event
    from .._joined import Block
    from .._reply import Reply

_REASONS = MappingProxyType(
    {
        "stop": "end_turn",
        "length": "max_tokens",
        "tool_calls": "tool_use",
        "content_filter": "content_filtered",
    }
)


def converse_answer(reply: Reply) -> dict[str, Any]:
    """Return a whole answer."""
    content = [_block_of(reply, one, place) for place, one in enumerate(blocks(reply))]
    return {
        "metrics": {"latencyMs": reply.latency_ms},
        "output": {"message": {"content": content, "role": "assistant"}},
        "stopReason": _stop_reason(reply),
        "usage": converse_usage(reply.usage),
    }


def converse_events(reply: Reply) -> list[Event]:
    """Return the events of a stream without what ends it."""
    events: list[Event] = [(reply.first, "messageStart", '{"role":"assistant"}')]
    for number, block in enumerate(blocks(reply)):
        if block.tool is not None:
            use = {"name": block.tool.name, "toolUseId": _use_id(reply, block, number)}
            start = written({"contentBlockIndex": number, "start": {"toolUse": use}})
            events.append((block.first, "contentBlockStart", start))
        events += _deltas(reply, block, number)
        events.append((block.last, "contentBlockStop", f'{{"contentBlockIndex":{number}}}'))
    return events


def converse_endings(reply: Reply) -> list[Event]:
    """Return the events that end a stream: why it stopped, and the usage."""
    metrics = {"latencyMs": reply.latency_ms}
    metadata = written({"usage": converse_usage(reply.usage), "metrics": metrics})
    stop = written({"stopReason": _stop_reason(reply)})
    return [(reply.last, "messageStop", stop), (reply.last, "metadata", metadata)]


def _stop_reason(reply: Reply) -> str:
    return _REASONS.get(reply.reason, reply.reason)


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
        signed = written({"reasoningContent": {"signature": signature(reply, number)}})
        yield block.last, "contentBlockDelta", f"{opening}{signed}}}"


def _ends(block: Block) -> tuple[str, str]:
    if block.tool is not None:
        return '{"toolUse":{"input":', "}}"
    return (
        ('{"reasoningContent":{"text":', "}}") if block.kind is ThinkingLine else ('{"text":', "}")
    )
