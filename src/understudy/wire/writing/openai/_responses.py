"""OpenAI's Responses API."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .._encode import encoded, written
from .._framing import named_sse
from .._headers import EVENT_STREAM, JSON
from .._joined import blocks
from .._rendered import Piece, Rendered
from ._headers import openai_headers
from ._refusals import openai_refusal
from ._responses_object import Responding, output_item
from ._responses_stream import responses_events

if TYPE_CHECKING:
    from .._failure import Failure
    from .._question import Question
    from .._reply import Reply


class OpenAIResponses:
    """Answers `responses`: reasoning, messages and function calls are items, in order."""

    wire_api = "openai.responses"

    def write(self, question: Question, reply: Reply) -> Rendered:
        """Write a `response`, or the events that make it."""
        if question.stream:
            headers = openai_headers(question, reply, EVENT_STREAM)
            return Rendered(200, headers, named_sse(responses_events(question, reply)))
        output = [output_item(reply, one, place) for place, one in enumerate(blocks(reply))]
        body = encoded(written(Responding.of(question, reply).ended(reply, output)))
        headers = openai_headers(question, reply, JSON)
        return Rendered(200, headers, (Piece(reply.last, body),))

    def refuse(self, question: Question, failure: Failure) -> Rendered:
        """Write an error."""
        return openai_refusal(question, failure)
