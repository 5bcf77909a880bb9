"""What the conversations of all wire APIs are made of: texts, parts, tools."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from ..calls import Message, Prompt, ToolOffer
from .fields import mapping, mappings

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_TEXTS = ("prompt", "input", "inputText", "message", "texts", "content")


def text_of(content: Any) -> str:
    """Return a text, or the texts of a list of parts, joined."""
    if isinstance(content, str):
        return content
    if isinstance(content, dict):
        content = [content]
    if not isinstance(content, list):
        return ""
    return "".join(map(_part_text, content))


def as_text(value: Any) -> str:
    """Return a text as it is, parts as their texts, anything else as JSON."""
    if isinstance(value, list) and (joined := text_of(value)):
        return joined
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def as_arguments(value: Any) -> str:
    """Return the arguments of a tool call as JSON text."""
    return value if isinstance(value, str) else json.dumps(value or {}, ensure_ascii=False)


def offers(tools: Iterable[Mapping[str, Any]], schema: str) -> tuple[ToolOffer, ...]:
    """Return the tools that have a name; their arguments' schema stands under `schema`."""
    return tuple(
        ToolOffer(tool["name"], mapping(tool.get(schema)))
        for tool in tools
        if isinstance(tool.get("name"), str)
    )


def functions(tools: Any) -> list[dict[str, Any]]:
    """Return the functions of tools that wrap them, as OpenAI's chat API does."""
    return [mapping(tool.get("function")) for tool in mappings(tools)]


def prompt_of(
    system: str, messages: Iterable[Message], tools: Iterable[ToolOffer] = (), *, schema: Any = None
) -> Prompt:
    """Return a prompt, its system text as the first message; what is no object is no schema."""
    first = [Message(role="system", text=system)] if system else []
    schema = schema if isinstance(schema, dict) else None
    return Prompt(messages=(*first, *messages), tools=tuple(tools), schema=schema)


def read_text(body: Mapping[str, Any]) -> Prompt:
    """Read a request that holds a text instead of a conversation: completions, embeddings."""
    text = next((text for name in _TEXTS if (text := text_of(body.get(name)))), "")
    asked = [Message(role="user", text=text)] if text else []
    return prompt_of(text_of(body.get("system")), asked)


def _part_text(part: Any) -> str:
    if isinstance(part, str):
        return part
    text = mapping(part).get("text")
    return text if isinstance(text, str) else ""
