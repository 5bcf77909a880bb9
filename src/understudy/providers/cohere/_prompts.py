"""Conversations of Cohere's chat APIs."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ...calls import Message, Prompt, ToolCall, ToolResult
from ...wire.fields import mapping, mappings
from ...wire.prompts import as_arguments, as_text, offers, prompt_of, text_of
from ..openai import read_chat

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_ROLES = {"SYSTEM": "system", "USER": "user", "CHATBOT": "assistant", "TOOL": "tool"}


def read_v1(body: Mapping[str, Any]) -> Prompt:
    """Read `preamble`, `chat_history`, `message`, `tool_results` and `tools`."""
    tools = offers(mappings(body.get("tools")), "parameter_definitions")
    return prompt_of(text_of(body.get("preamble")), _messages(body), tools)


def _messages(body: Mapping[str, Any]) -> Iterator[Message]:
    for turn in mappings(body.get("chat_history")):
        role = str(turn.get("role", "USER"))
        yield Message(
            role=_ROLES.get(role.upper(), role),
            text=text_of(turn.get("message")),
            tool_calls=tuple(map(_call, mappings(turn.get("tool_calls")))),
            tool_results=tuple(map(_result, mappings(turn.get("tool_results")))),
        )
    if message := text_of(body.get("message")):
        yield Message(role="user", text=message)
    results = tuple(map(_result, mappings(body.get("tool_results"))))
    if results:
        yield Message(role="tool", tool_results=results)


def _call(call: Mapping[str, Any]) -> ToolCall:
    return ToolCall(str(call.get("name", "")), as_arguments(call.get("parameters")))


def _result(result: Mapping[str, Any]) -> ToolResult:
    return ToolResult(
        as_text(result.get("outputs", "")), name=mapping(result.get("call")).get("name")
    )


def read_v2(body: Mapping[str, Any]) -> Prompt:
    """Read `messages`, `tools`, and the schema itself under `response_format`."""
    form = mapping(body.get("response_format"))
    wanted = form.get("json_schema") or form.get("schema")
    return replace(read_chat(body), schema=wanted if isinstance(wanted, dict) else None)
