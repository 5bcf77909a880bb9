"""Bedrock's Converse and ConverseStream."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .._encode import encoded, written
from .._event_frames import event_frames
from .._headers import JSON
from .._rendered import Piece, Rendered
from ._converse_message import converse_answer, converse_endings, converse_events
from ._headers import FRAMES, bedrock_headers
from ._refusals import bedrock_refusal, exception_event

if TYPE_CHECKING:
    from .._failure import Failure
    from .._framing import Event
    from .._question import Question
    from .._reply import Reply


class BedrockConverse:
    """Answers `/model/MODEL/converse`, and `/converse-stream` with binary frames."""

    wire_api = "bedrock.converse"

    def write(self, question: Question, reply: Reply) -> Rendered:
        """Write an answer, or the frames of its events."""
        if question.stream:
            events = [*converse_events(reply), *_endings(question, reply)]
            return Rendered(200, bedrock_headers(reply, FRAMES), event_frames(events))
        body = encoded(written(converse_answer(reply)))
        return Rendered(200, bedrock_headers(reply, JSON), (Piece(reply.last, body),))

    def refuse(self, question: Question, failure: Failure) -> Rendered:
        """Write an error."""
        return bedrock_refusal(question, failure)


def _endings(question: Question, reply: Reply) -> list[Event]:
    if reply.broken_by is None:
        return converse_endings(reply)
    return [exception_event(question, reply.broken_by, reply.last)]
