"""The message object of Anthropic and the blocks of its content."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from .._joined import arguments, blocks, call_id, signature
from .._reply import ThinkingLine
from ._usage import message_usage, output_usage

if TYPE_CHECKING:
    from .._joined import Block
    from .._question import Question
    from .._reply import Reply

_REASONS = MappingProxyType(
    {
        "stop": "end_turn",
        "length": "max_tokens",
        "tool_calls": "tool_use",
        "content_filter": "refusal",
    }
)


def stop_reason(reply: Reply) -> str:
    """Return the finish reason in Anthropic's words."""
    return _REASONS.get(reply.reason, reply.reason)


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
        "content": [block_of(reply, one, place) for place, one in enumerate(blocks(reply))],
        "stop_reason": stop_reason(reply),
        "stop_sequence": None,
        "usage": {**message_usage(reply.usage, tokens), **output_usage(reply.usage)},
    }


def block_of(reply: Reply, block: Block, number: int) -> dict[str, Any]:
    """Return a block of content with all that is in it."""
    begun = begun_block(reply, block, number)
    if block.tool is not None:
        return {**begun, "input": arguments(block.tool)}
    if block.kind is ThinkingLine:
        return {**begun, "thinking": block.text, "signature": signature(reply, number)}
    return {**begun, "text": block.text}


def begun_block(reply: Reply, block: Block, number: int) -> dict[str, Any]:
    """Return a block of content before anything is in it."""
    tool = block.tool
    if tool is not None:
        tool_id = call_id(reply, tool, number, "toolu_")
        return {"type": "tool_use", "id": tool_id, "name": tool.name, "input": {}}
    if block.kind is ThinkingLine:
        return {"type": "thinking", "thinking": "", "signature": ""}
    return {"type": "text", "text": ""}
