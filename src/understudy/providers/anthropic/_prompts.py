"""Conversations of Anthropic's Messages, on Anthropic, Vertex and Bedrock alike."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...calls import Message, Prompt, ToolCall, ToolResult
from ...wire.fields import mapping, mappings
from ...wire.prompts import as_arguments, as_text, offers, prompt_of, text_of

if TYPE_CHECKING:
    from collections.abc import Mapping


def read_messages(body: Mapping[str, Any]) -> Prompt:
    """Read `system`, `messages`, `tools` and `output_format`."""
    wanted = mapping(mapping(body.get("output_config")).get("format") or body.get("output_format"))
    return prompt_of(
        text_of(body.get("system")),
        map(_message, mappings(body.get("messages"))),
        offers(mappings(body.get("tools")), "input_schema"),
        schema=wanted.get("schema"),
    )


def _message(message: Mapping[str, Any]) -> Message:
    content = message.get("content")
    blocks = mappings(content)
    results = tuple(_result(block) for block in blocks if block.get("type") == "tool_result")
    return Message(
        role="tool" if results else str(message.get("role", "user")),
        text=text_of(content),
        tool_calls=tuple(_call(block) for block in blocks if block.get("type") == "tool_use"),
        tool_results=results,
    )


def _result(block: Mapping[str, Any]) -> ToolResult:
    return ToolResult(as_text(block.get("content") or ""), block.get("tool_use_id"))


def _call(block: Mapping[str, Any]) -> ToolCall:
    return ToolCall(str(block.get("name", "")), as_arguments(block.get("input")), block.get("id"))
