"""Answers made from the request: tools that it offers, a schema that it wants."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from .._call import cut
from .._demands import tool_choice, wanted_schema
from .._mock_reply import MockReply, json_text
from .._reply_content import content_of
from ..schemas import sample

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ...calls import ToolOffer
    from .._call import IncomingCall
    from .._demands import ToolChoice
    from .._reply_content import ReplyContent

_PLAIN: Final = "This is a mocked answer."
_WORD: Final = re.compile(r"[a-z]{3,}")


class Auto:
    """Gives arguments and JSON that fit their schemas, and a plain sentence otherwise.

    With `calls_tools` it calls the tools `names`, one after the other, or the one whose name
    fits best what the user said; once their results are there, it ends with a text. A tool
    that the request forces is called in any case.
    """

    runs_out = False
    gives_vectors = False

    def __init__(self, *names: str, calls_tools: bool = True) -> None:
        self._names = names
        self._calls_tools = calls_tools

    def reply_to(self, call: IncomingCall, *, keep: bool) -> ReplyContent:  # noqa: ARG002
        """Answer by what the request offers and wants."""
        tool = self._next_tool(call) if call.tools else None
        if tool is not None:
            arguments = json_text(sample(_arguments_schema(call, tool)))
            return content_of(MockReply(tool_calls=[(tool.name, arguments)]))
        schema = wanted_schema(call)
        if schema is not None:
            return content_of(MockReply(json=sample(schema)))
        return content_of(MockReply(text=_ending(call)))

    def _next_tool(self, call: IncomingCall) -> ToolOffer | None:
        choice = tool_choice(call)
        if not choice.may:
            return None
        called = {used.name for message in call.prompt.current for used in message.tool_calls}
        wanted = self._wanted(call, choice) if self._calls_tools else iter(())
        if (tool := next((one for one in wanted if one.name not in called), None)) is not None:
            return tool
        if not choice.must:
            return None
        allowed = list(_allowed(call, choice))
        return next((one for one in allowed if one.name not in called), allowed[-1])

    def _wanted(self, call: IncomingCall, choice: ToolChoice) -> Iterator[ToolOffer]:
        offered = {tool.name: tool for tool in _allowed(call, choice)}
        if self._names:
            return (offered[name] for name in self._names if name in offered)
        words = set(_WORD.findall(call.user_text.lower()))
        fits = {name: len(words.intersection(_WORD.findall(name.lower()))) for name in offered}
        return iter([offered[max(fits, key=fits.__getitem__)]])


def _allowed(call: IncomingCall, choice: ToolChoice) -> Iterator[ToolOffer]:
    named = [tool for tool in call.tools if tool.name in choice.names]
    return iter(named or call.tools)


def _arguments_schema(call: IncomingCall, tool: ToolOffer) -> Mapping[str, Any]:
    if call.wire_api == "cohere.chat.v1":  # its tools list their parameters without a schema
        return {"type": "object", "properties": tool.schema}
    return {"type": "object", **tool.schema}


def _ending(call: IncomingCall) -> str:
    results = "; ".join(f"{each.name or 'tool'}: {cut(each.text)}" for each in call.tool_results)
    return f"Done. {results}" if results else _PLAIN
