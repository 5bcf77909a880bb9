"""Conversations of Cohere's first chat API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...calls import Message, Prompt, ToolResult
from .._json import mapping, mappings
from ._parts import as_text, offers, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_ROLES = {"SYSTEM": "system", "USER": "user", "CHATBOT": "assistant", "TOOL": "tool"}


def read_cohere_v1(body: Mapping[str, Any]) -> Prompt:
    """Read `preamble`, `chat_history`, `message`, `tool_results` and `tools`."""
    return Prompt(
        messages=tuple(_messages(body)),
        tools=offers(mappings(body.get("tools")), "parameter_definitions"),
    )


def _messages(body: Mapping[str, Any]) -> Iterator[Message]:
    if preamble := text_of(body.get("preamble")):
        yield Message(role="system", text=preamble)
    for said in mappings(body.get("chat_history")):
        role = str(said.get("role", "USER"))
        yield Message(role=_ROLES.get(role.upper(), role), text=text_of(said.get("message")))
    if message := text_of(body.get("message")):
        yield Message(role="user", text=message)
    results = tuple(map(_result, mappings(body.get("tool_results"))))
    if results:
        yield Message(role="tool", tool_results=results)


def _result(result: Mapping[str, Any]) -> ToolResult:
    return ToolResult(
        as_text(result.get("outputs", "")), name=mapping(result.get("call")).get("name")
    )
