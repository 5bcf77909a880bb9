"""Conversations of Gemini's generateContent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...calls import Message, Prompt, ToolCall, ToolOffer, ToolResult
from ...wire.fields import mapping, mappings
from ...wire.prompts import as_arguments, as_text, offers, prompt_of, text_of

if TYPE_CHECKING:
    from collections.abc import Mapping

_ROLES = {"model": "assistant", "function": "tool"}


def read_contents(body: Mapping[str, Any]) -> Prompt:
    """Read `systemInstruction`, `contents`, `tools` and `generationConfig`."""
    system = body.get("systemInstruction") or body.get("system_instruction")
    config = mapping(body.get("generationConfig"))
    return prompt_of(
        text_of(mapping(system).get("parts")),
        map(_message, mappings(body.get("contents"))),
        _tools(body),
        schema=config.get("responseJsonSchema") or config.get("responseSchema"),
    )


def _message(content: Mapping[str, Any]) -> Message:
    parts = mappings(content.get("parts"))
    results = tuple(
        _result(part["functionResponse"]) for part in parts if "functionResponse" in part
    )
    role = str(content.get("role", "user"))
    return Message(
        role="tool" if results else _ROLES.get(role, role),
        text=text_of(parts),
        tool_calls=tuple(_call(part["functionCall"]) for part in parts if "functionCall" in part),
        tool_results=results,
    )


def _call(call: Any) -> ToolCall:
    called = mapping(call)
    return ToolCall(str(called.get("name", "")), as_arguments(called.get("args")), called.get("id"))


def _result(response: Any) -> ToolResult:
    answered = mapping(response)
    return ToolResult(
        as_text(answered.get("response", {})), answered.get("id"), answered.get("name")
    )


def _tools(body: Mapping[str, Any]) -> tuple[ToolOffer, ...]:
    declared = [
        function
        for tool in mappings(body.get("tools"))
        for function in mappings(tool.get("functionDeclarations"))
    ]
    by_json_schema = offers(
        [each for each in declared if "parametersJsonSchema" in each], "parametersJsonSchema"
    )
    rest = [each for each in declared if "parametersJsonSchema" not in each]
    return (*by_json_schema, *offers(rest, "parameters"))
