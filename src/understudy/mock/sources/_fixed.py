"""The same reply to every call."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ...wire.writing import TextLine, ToolLine
from .._spoken import Spoken, spoken_of
from .._tool_choice import forced_tool

if TYPE_CHECKING:
    from .._incoming import IncomingCall
    from .._mock_reply import MockReply


class Fixed:
    """One reply. JSON goes into the arguments of the tool, where the request forces one."""

    runs_out = False

    def __init__(self, reply: MockReply) -> None:
        self.spoken = spoken_of(reply)
        self.gives_vectors = self.spoken.vectors is not None
        self._is_json = reply.json is not None

    def speak(self, call: IncomingCall, *, keep: bool) -> Spoken:  # noqa: ARG002
        """Give the reply."""
        if self._is_json and (tool := forced_tool(call)) is not None:
            return into_tool(self.spoken, tool)
        return self.spoken


def into_tool(spoken: Spoken, tool: str) -> Spoken:
    """Return what is said in `spoken` as the arguments of a call of `tool`."""
    others = tuple(line for line in spoken.lines if not isinstance(line, TextLine))
    return replace(spoken, lines=(*others, ToolLine(tool, (spoken.text,))))
