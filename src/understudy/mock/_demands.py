"""What a request demands of its answer: tools that it must or may call, a schema."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from ._call import IncomingCall

_ANY_OBJECT: Final[Mapping[str, Any]] = {"type": "object"}
_MUST: Final = frozenset({"required", "any", "tool", "function", "validated"})
_PLACES: Final = (
    ("tool_choice",),
    ("toolConfig", "toolChoice"),
    ("toolConfig", "functionCallingConfig"),
    ("tool_config", "function_calling_config"),
)


@dataclass(frozen=True, slots=True)
class ToolChoice:
    """A tool `must` be called, or `may` be; `names` are those it must be one of, empty for all."""

    must: bool = False
    may: bool = True
    names: tuple[str, ...] = ()


def tool_choice(call: IncomingCall) -> ToolChoice:
    """Read what the request says of its tools, in the words of any wire API."""
    asked = next((one for place in _PLACES if (one := _at(call.question.body, *place))), None)
    if isinstance(asked, str):
        return ToolChoice(asked.lower() in _MUST, asked.lower() != "none")
    if not isinstance(asked, Mapping):
        return ToolChoice()
    kind = str(asked.get("type") or asked.get("mode") or next(iter(asked), "")).lower()
    return ToolChoice(kind in _MUST, kind != "none", tuple(_names(asked)))


def forced_tool(call: IncomingCall) -> str | None:
    """Return the one tool that must be called, None where there is a choice."""
    choice = tool_choice(call)
    if not choice.must:
        return None
    names = choice.names or tuple(tool.name for tool in call.tools)
    return names[0] if len(names) == 1 else None


def _at(value: Any, *keys: str) -> Any:
    for key in keys:
        value = value.get(key) if isinstance(value, Mapping) else None
    return value


def _names(asked: Mapping[str, Any]) -> Iterator[str]:
    """Yield the names: Anthropic's and Responses', OpenAI's chat, Bedrock's, Gemini's."""
    for holder in (asked, asked.get("function"), asked.get("tool")):
        if isinstance(holder, Mapping) and isinstance(holder.get("name"), str):
            yield holder["name"]
    allowed = asked.get("allowedFunctionNames") or asked.get("allowed_function_names")
    yield from (name for name in allowed or () if isinstance(name, str))


def wanted_schema(call: IncomingCall) -> Mapping[str, Any] | None:
    """Return the schema of the answer: any object where it is only to be JSON, None for text."""
    if call.prompt.schema is not None:
        return call.prompt.schema
    body = call.question.body
    asked = body.get("format") or _at(body, "response_format", "json_schema")
    if isinstance(asked, Mapping):  # Ollama and Cohere have the schema itself there
        return asked
    kind = _at(body, "response_format", "type") or _at(body, "text", "format", "type")
    mime = _at(body, "generationConfig", "responseMimeType")
    wants_json = asked == "json" or kind == "json_object" or mime == "application/json"
    return _ANY_OBJECT if wants_json else None
