"""What an API fills in while it reads an answer."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ..calls import Operation, ToolCall, Usage
from .fields import bounded, consistent, is_empty, parse

if TYPE_CHECKING:
    from collections.abc import Mapping


_NO_ARGUMENTS = ("", "{}", "null")


@dataclass(slots=True)
class _ToolDraft:
    name: str = ""
    arguments: str = ""
    id: str | None = None
    given: str = ""

    @property
    def is_whole(self) -> bool:
        return isinstance(parse(self.arguments.encode(errors="replace")), dict)

    def goes_on_with(self, name: str, arguments: str, call_id: str | None) -> bool:
        """Tell whether a piece at the same place is more of this call.

        Another id is another call, unless the piece has no name and this one's arguments are
        not at their end: some servers make up an id for each piece. Without ids it is a name
        with arguments after whole ones.
        """
        if call_id and self.id:
            return call_id == self.id or not (name or self.is_whole)
        return not (name and arguments and self.name and self.is_whole)


@dataclass(slots=True)
class Content:
    """The text and the tool calls of an answer, put together from its pieces."""

    parts: list[str] = field(default_factory=list)
    tools: list[_ToolDraft] = field(default_factory=list)
    _open: dict[str, _ToolDraft] = field(default_factory=dict)

    def add_text(self, text: Any) -> None:
        """Append a piece of text; anything but a string is passed over."""
        if isinstance(text, str):
            self.parts.append(text)

    def add_tool(
        self,
        key: Any,
        *,
        name: Any = None,
        arguments: Any = None,
        call_id: Any = None,
        begins: bool = False,
    ) -> None:
        """Add a piece of the tool call at the place `key`: its name, its id, more arguments.

        With `begins`, or by an id that is new, another call begins there.
        """
        if isinstance(arguments, dict) and arguments:
            arguments = json.dumps(arguments)  # as some gateways send what the wire has as text
        name, arguments, call_id = (
            value if isinstance(value, str) else "" for value in (name, arguments, call_id)
        )
        tool = None if begins else self._begun(str(key), name, arguments, call_id)
        if tool is None:
            tool = _ToolDraft()
            self.tools.append(tool)
        self._open[str(key)] = tool
        tool.name = tool.name or name
        tool.id = tool.id or call_id or None
        tool.arguments += arguments

    def add_call(self, name: Any, arguments: Any, call_id: Any = None) -> None:
        """Add a whole tool call, whose `arguments` are any JSON value, or its text."""
        text = arguments if isinstance(arguments, str) else json.dumps(arguments)
        self.add_tool(len(self.tools), name=name, arguments=text, call_id=call_id, begins=True)

    def give_arguments(self, key: Any, arguments: Any) -> None:
        """Set the arguments of a call for where no piece of them comes; an empty object is none."""
        if arguments and isinstance(arguments, dict):
            self._open[str(key)].given = json.dumps(arguments)

    def has_tool(self, key: Any) -> bool:
        """Tell whether a piece of the tool call `key` came."""
        return str(key) in self._open

    @property
    def text(self) -> str | None:
        """The whole text, None where no piece came."""
        return "".join(self.parts) if self.parts else None

    @property
    def tool_calls(self) -> tuple[ToolCall, ...]:
        """The tool calls in the order in which they began; without a name and arguments is none."""
        return tuple(
            ToolCall(tool.name, tool.arguments or tool.given, tool.id)
            for tool in self.tools
            if tool.name or tool.arguments not in _NO_ARGUMENTS
        )

    def _begun(self, key: str, name: str, arguments: str, call_id: str) -> _ToolDraft | None:
        """Return the call that a piece is more of: the one of its id, or at its place."""
        tool = self._open.get(key)
        if call_id and not name and not (tool and tool.id == call_id):
            same = next((one for one in self.tools if one.id == call_id), None)
            if same is not None:
                return same
        goes_on = tool is not None and tool.goes_on_with(name, arguments, call_id)
        return tool if goes_on else None


_SIDES = (
    ("input_tokens", "cache_read_tokens", "cache_write_tokens", "cache_write_1h_tokens"),
    ("output_tokens", "reasoning_tokens"),
)
_TOTALS = ("total_tokens", "totalTokens", "totalTokenCount")


def is_whole(usage: Usage) -> bool:
    """Tell whether it says how much went in and how much came out."""
    return bool(usage.input_tokens and usage.output_tokens)


def laid_over(before: Usage, told: Usage) -> Usage:
    """Lay later counts over those before: what is 0 or unknown changes nothing.

    Of the input, and of the output, another count has its own parts; the same keeps them.
    """
    counts: dict[str, int | None] = {}
    for side, *parts in _SIDES:
        afresh = getattr(told, side) not in (None, 0, getattr(before, side))
        for name in (side, *parts):
            new, old = getattr(told, name), getattr(before, name)
            counts[name] = new if afresh or new or old is None else old
    return consistent(Usage(**counts))


@dataclass(slots=True, kw_only=True)
class Draft:
    """One answer as far as it was read; an API sets what it finds.

    `content` is None where nobody wants text and tool calls: the API then leaves them
    alone. `usage` is normalised, `usage_raw` as the provider sent it. `complete` is set at
    the last event of a stream. `headers` are the response's, names in lower case. What was
    asked for (`request_model`, `operation`) and whether the answer `streamed` is set before
    the API reads the answer.
    """

    provider: str
    headers: Mapping[str, str]
    status: int
    request_model: str | None = None
    operation: Operation | None = None
    streamed: bool = False
    content: Content | None = None
    response_model: str | None = None
    response_id: str | None = None
    finish_reason: str | None = None
    usage: Usage | None = None
    usage_raw: Mapping[str, Any] | None = None
    service_tier: str | None = None
    reported_cost_usd: float | None = None
    error_type: str | None = None
    error: str | None = None
    complete: bool = False

    def take_usage(self, told: Usage, raw: Mapping[str, Any]) -> None:
        """Take the counts of a usage block, and the block itself.

        Of a stream the last block that is whole counts; one that is not, as a trailing one of
        zeros, is laid over what was told before it.
        """
        raw, before = bounded(raw), self.usage
        if before is None or is_whole(told):
            self.usage, self.usage_raw = told, raw
            return
        self.usage = laid_over(before, told)
        kept = dict(self.usage_raw or {})
        if self.usage != before:  # neither block's total is the total of both
            raw = {name: value for name, value in raw.items() if name not in _TOTALS}
            kept = {name: value for name, value in kept.items() if name not in _TOTALS}
        self.usage_raw = {
            **kept,
            **{name: value for name, value in raw.items() if not is_empty(value)},
        }
