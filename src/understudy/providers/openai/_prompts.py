"""Conversations of OpenAI's chat completions, of all who speak like it, and of Responses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...calls import Message, Prompt, ToolCall, ToolResult
from ...wire.fields import mapping, mappings
from ...wire.prompts import as_arguments, as_text, functions, offers, prompt_of, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_SYSTEM = frozenset({"system", "developer"})


def read_chat(body: Mapping[str, Any]) -> Prompt:
    """Read `messages`, `tools` and `response_format`."""
    wanted = mapping(mapping(body.get("response_format")).get("json_schema")).get("schema")
    tools = offers(functions(body.get("tools")), "parameters")
    return prompt_of("", map(_message, mappings(body.get("messages"))), tools, schema=wanted)


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


def read_responses(body: Mapping[str, Any]) -> Prompt:
    """Read `instructions`, `input`, `tools` and `text.format`."""
    wanted = mapping(mapping(body.get("text")).get("format")).get("schema")
    tools = offers(mappings(body.get("tools")), "parameters")
    return prompt_of(text_of(body.get("instructions")), _messages(body), tools, schema=wanted)


def _messages(body: Mapping[str, Any]) -> Iterator[Message]:
    given = body.get("input")
    if isinstance(given, str):
        yield Message(role="user", text=given)
    for item in mappings(given):
        if (message := _item(item)) is not None:
            yield message


def _item(item: Mapping[str, Any]) -> Message | None:
    kind = item.get("type", "message")
    if kind == "function_call":
        arguments = as_arguments(item.get("arguments"))
        call = ToolCall(str(item.get("name", "")), arguments, item.get("call_id"))
        return Message(role="assistant", tool_calls=(call,))
    if kind == "function_call_output":
        result = ToolResult(as_text(item.get("output", "")), item.get("call_id"))
        return Message(role="tool", text=result.text, tool_results=(result,))
    if kind != "message":
        return None
    role = str(item.get("role", "user"))
    return Message(role="system" if role in _SYSTEM else role, text=text_of(item.get("content")))
