"""Conversations that the provider was asked to remember."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ..calls import Message, ToolCall
from ..wire.writing import TextLine, ToolLine

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..wire import Question
    from ..wire.writing import Reply
    from ._incoming import IncomingCall

_RESPONSES: Final = "openai.responses"


class Histories:
    """What was said up to each answer of OpenAI's Responses, by the id of the answer."""

    def __init__(self) -> None:
        self._by_id: dict[str, tuple[IncomingCall, Reply]] = {}

    def before(self, question: Question) -> tuple[Message, ...]:
        """Return the messages that a request leaves out because the provider knows them."""
        if question.wire_api != _RESPONSES:
            return ()
        before = self._by_id.get(str(question.body.get("previous_response_id")))
        return () if before is None else (*before[0].messages, _message(before[1]))

    def remember(self, call: IncomingCall, reply: Reply) -> None:
        """Keep the conversation up to this answer."""
        if call.wire_api == _RESPONSES:
            self._by_id[f"resp_{reply.id}"] = call, reply


def _message(reply: Reply) -> Message:
    text = "".join(line.text for line in reply.lines if isinstance(line, TextLine))
    return Message(role="assistant", text=text, tool_calls=tuple(_tool_calls(reply)))


def _tool_calls(reply: Reply) -> Iterator[ToolCall]:
    """Yield the tool calls with their ids, which count the items of the output."""
    number, before = -1, None
    for line in reply.lines:
        number += isinstance(line, ToolLine) or type(line) is not before
        before = type(line)
        if isinstance(line, ToolLine):
            yield ToolCall(line.name, line.text, line.id or f"call_{reply.id}{number}")
