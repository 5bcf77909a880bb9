"""The same reply to every call."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ...wire.writing import TextLine, ToolLine
from .._reply_content import ReplyContent, content_of
from .._tool_choice import forced_tool

if TYPE_CHECKING:
    from .._incoming import IncomingCall
    from .._mock_reply import MockReply


class Fixed:
    """One reply. JSON goes into the arguments of the tool, where the request forces one."""

    runs_out = False

    def __init__(self, reply: MockReply) -> None:
        self.content = content_of(reply)
        self.gives_vectors = self.content.vectors is not None
        self._is_json = reply.json is not None

    def reply_to(self, call: IncomingCall, *, keep: bool) -> ReplyContent:  # noqa: ARG002
        """Give the reply."""
        if self._is_json and (tool := forced_tool(call)) is not None:
            return into_tool(self.content, tool)
        return self.content


def into_tool(content: ReplyContent, tool: str) -> ReplyContent:
    """Return what is said in `content` as the arguments of a call of `tool`."""
    others = tuple(line for line in content.lines if not isinstance(line, TextLine))
    return replace(content, lines=(*others, ToolLine(tool, (content.text,))))
