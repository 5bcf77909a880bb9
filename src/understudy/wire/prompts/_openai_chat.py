"""Conversations of OpenAI's chat completions and of all who speak like it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...calls import Message, Prompt, ToolCall, ToolResult
from .._json import mapping, mappings
from ._parts import as_arguments, as_text, functions, offers, text_of

if TYPE_CHECKING:
    from collections.abc import Mapping

_SYSTEM = frozenset({"system", "developer"})


def read_openai_chat(body: Mapping[str, Any]) -> Prompt:
    """Read `messages`, `tools` and `response_format`."""
    wanted = mapping(mapping(body.get("response_format")).get("json_schema")).get("schema")
    return Prompt(
        messages=tuple(map(_message, mappings(body.get("messages")))),
        tools=offers(functions(body.get("tools")), "parameters"),
        schema=wanted if isinstance(wanted, dict) else None,
    )


def _message(message: Mapping[str, Any]) -> Message:
    role = str(message.get("role", "user"))
    text = text_of(message.get("content"))
    if role in {"tool", "function"}:
        result = ToolResult(
            as_text(message.get("content") or ""), message.get("tool_call_id"), message.get("name")
        )
        return Message(role="tool", text=text, tool_results=(result,))
    return Message(
        role="system" if role in _SYSTEM else role,
        text=text,
        tool_calls=tuple(map(_tool_call, mappings(message.get("tool_calls")))),
    )


def _tool_call(call: Mapping[str, Any]) -> ToolCall:
    function = mapping(call.get("function"))
    arguments = as_arguments(function.get("arguments"))
    return ToolCall(str(function.get("name", "")), arguments, call.get("id"))
