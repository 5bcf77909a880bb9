"""The text and the tool calls of an answer, put together piece by piece."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from ..calls import ToolCall
from .fields import parse

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
