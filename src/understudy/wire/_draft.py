"""What an API fills in while it reads an answer."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ..calls import Operation, ToolCall, Usage

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(slots=True)
class _ToolDraft:
    name: str = ""
    arguments: str = ""
    id: str | None = None


@dataclass(slots=True)
class Content:
    """The text and the tool calls of an answer, put together from its pieces."""

    parts: list[str] = field(default_factory=list)
    tools: dict[str, _ToolDraft] = field(default_factory=dict)

    def add_text(self, text: Any) -> None:
        """Append a piece of text; anything but a string is passed over."""
        if isinstance(text, str):
            self.parts.append(text)

    def add_tool(
        self, key: Any, *, name: Any = None, arguments: Any = None, call_id: Any = None
    ) -> None:
        """Add a piece of the tool call `key`: its name, its id, more of its arguments."""
        tool = self.tools.setdefault(str(key), _ToolDraft())
        if isinstance(name, str) and not tool.name:
            tool.name = name
        if isinstance(call_id, str) and call_id:
            tool.id = call_id
        if isinstance(arguments, str):
            tool.arguments += arguments

    def add_call(self, name: Any, arguments: Any, call_id: Any = None, *, key: Any = None) -> None:
        """Add a whole tool call, whose `arguments` are any JSON value."""
        key = len(self.tools) if key is None else key
        self.add_tool(key, name=name, arguments=json.dumps(arguments), call_id=call_id)

    def has_tool(self, key: Any) -> bool:
        """Tell whether a piece of the tool call `key` came."""
        return str(key) in self.tools

    @property
    def text(self) -> str | None:
        """The whole text, None where no piece came."""
        return "".join(self.parts) if self.parts else None

    @property
    def tool_calls(self) -> tuple[ToolCall, ...]:
        """The tool calls in the order in which they began."""
        return tuple(ToolCall(t.name, t.arguments, t.id) for t in self.tools.values())


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
