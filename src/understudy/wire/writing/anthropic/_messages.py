"""Anthropic's Messages API, also on Vertex and on Azure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .._encode import encoded, written
from .._framing import named_sse
from .._headers import EVENT_STREAM, JSON
from .._rendered import Piece, Rendered
from ._headers import anthropic_headers
from ._message import message
from ._refusals import anthropic_refusal
from ._stream import message_events

if TYPE_CHECKING:
    from .._failure import Failure
    from .._question import Question
    from .._reply import Reply


class AnthropicMessages:
    """Answers `v1/messages`: thoughts, text and tool calls are blocks, in order."""

    wire_api = "anthropic.messages"

    def write(self, question: Question, reply: Reply) -> Rendered:
        """Write a `message`, or the events that make it."""
        if question.stream:
            events = named_sse(message_events(question, reply))
            return Rendered(200, anthropic_headers(reply, EVENT_STREAM), events)
        body = encoded(written(message(question, reply)))
        return Rendered(200, anthropic_headers(reply, JSON), (Piece(reply.last, body),))

    def refuse(self, question: Question, failure: Failure) -> Rendered:
        """Write an error."""
        return anthropic_refusal(question, failure)
