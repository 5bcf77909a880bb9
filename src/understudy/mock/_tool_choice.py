"""Whether a request leaves it to the model to call tools."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from ._incoming import IncomingCall

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
    told = next((one for place in _PLACES if (one := _at(call.question.body, place))), None)
    if isinstance(told, str):
        return ToolChoice(told.lower() in _MUST, told.lower() != "none")
    if not isinstance(told, Mapping):
        return ToolChoice()
    kind = str(told.get("type") or told.get("mode") or next(iter(told), "")).lower()
    return ToolChoice(kind in _MUST, kind != "none", tuple(_names(told)))


def forced_tool(call: IncomingCall) -> str | None:
    """Return the one tool that must be called, None where there is a choice."""
    choice = tool_choice(call)
    if not choice.must:
        return None
    names = choice.names or tuple(tool.name for tool in call.tools)
    return names[0] if len(names) == 1 else None


def _at(body: Any, place: tuple[str, ...]) -> Any:
    for key in place:
        body = body.get(key) if isinstance(body, Mapping) else None
    return body


def _names(told: Mapping[str, Any]) -> Iterator[str]:
    """Yield the names: Anthropic's and Responses', OpenAI's chat, Bedrock's, Gemini's."""
    for holder in (told, told.get("function"), told.get("tool")):
        if isinstance(holder, Mapping) and isinstance(holder.get("name"), str):
            yield holder["name"]
    allowed = told.get("allowedFunctionNames") or told.get("allowed_function_names")
    yield from (name for name in allowed or () if isinstance(name, str))
