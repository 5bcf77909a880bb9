"""Conversations of Gemini's generateContent, and of its Interactions."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from ...calls import Message, Prompt, ToolCall, ToolOffer, ToolResult
from ...wire.fields import first, mapping, mappings
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


def read_interaction(body: Mapping[str, Any]) -> Prompt:
    """Read `system_instruction`, `input`, `tools` and `response_format`."""
    tools = [one for one in mappings(body.get("tools")) if one.get("type") == "function"]
    given = body.get("response_format")
    wanted = given if isinstance(given, dict) else first(given)
    is_schema = wanted.get("type") not in _FORMATS
    return prompt_of(
        text_of(body.get("system_instruction")),
        map(_step, steps_of(body)),
        offers(tools, "parameters"),
        schema=(wanted if is_schema else wanted.get("schema")) or None,
    )


def steps_of(body: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the input as steps: a text, or parts of content, are the user's."""
    given = body.get("input")
    parts = [given] if isinstance(given, dict) else given
    found = mappings(parts)
    if any("role" in one or one.get("type") in _STEPS for one in found):
        return found
    return [{"type": "user_input", "content": found or given}] if given else []


_FORMATS = frozenset({"text", "audio", "image", "video"})
_STEPS: Mapping[str, str] = MappingProxyType(
    {
        "user_input": "user",
        "model_output": "assistant",
        "thought": "assistant",
        "function_call": "assistant",
        "function_result": "tool",
    }
)


def _step(step: Mapping[str, Any]) -> Message:
    kind = str(step.get("type", ""))
    if kind == "function_result":
        text = as_text(step.get("result", ""))
        result = ToolResult(text, step.get("call_id"), step.get("name"))
        return Message(role="tool", text=text, tool_results=(result,))
    if kind == "function_call":
        arguments = as_arguments(step.get("arguments"))
        call = ToolCall(str(step.get("name", "")), arguments, step.get("id"))
        return Message(role="assistant", tool_calls=(call,))
    hosted = "assistant" if kind.endswith(("_call", "_result")) else "user"
    role = str(step.get("role", hosted))  # an older form of the API has turns
    text = text_of(step.get("content", [step]))
    return Message(role=_STEPS.get(kind) or _ROLES.get(role, role), text=text)
