"""Conversations of Bedrock's Converse."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...calls import Message, Prompt, ToolCall, ToolOffer, ToolResult
from ...wire.fields import mapping, mappings
from ...wire.prompts import as_arguments, as_text, prompt_of, text_of

if TYPE_CHECKING:
    from collections.abc import Mapping


def read_converse(body: Mapping[str, Any]) -> Prompt:
    """Read `system`, `messages` and `toolConfig`."""
    return prompt_of(
        text_of(body.get("system")),
        map(_message, mappings(body.get("messages"))),
        map(_offer, mappings(mapping(body.get("toolConfig")).get("tools"))),
    )


def _message(message: Mapping[str, Any]) -> Message:
    blocks = mappings(message.get("content"))
    results = tuple(_result(block["toolResult"]) for block in blocks if "toolResult" in block)
    return Message(
        role="tool" if results else str(message.get("role", "user")),
        text=text_of(blocks),
        tool_calls=tuple(_call(block["toolUse"]) for block in blocks if "toolUse" in block),
        tool_results=results,
    )


def _call(use: Any) -> ToolCall:
    called = mapping(use)
    arguments = as_arguments(called.get("input"))
    return ToolCall(str(called.get("name", "")), arguments, called.get("toolUseId"))


def _result(result: Any) -> ToolResult:
    answered = mapping(result)
    texts = [
        part["text"] if "text" in part else as_text(part.get("json", {}))
        for part in mappings(answered.get("content"))
    ]
    return ToolResult("".join(map(str, texts)), answered.get("toolUseId"))


def _offer(tool: Mapping[str, Any]) -> ToolOffer:
    spec = mapping(tool.get("toolSpec"))
    return ToolOffer(
        str(spec.get("name", "")), mapping(mapping(spec.get("inputSchema")).get("json"))
    )
