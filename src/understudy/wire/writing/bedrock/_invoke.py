"""Bedrock's Invoke: one way to every model, each with answers of its own shape."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .._encode import encoded, members, written
from .._event_frames import chunk_frames
from .._headers import JSON
from .._rendered import Piece, Rendered
from ._headers import FRAMES, invoke_headers
from ._refusals import bedrock_refusal, exception_event
from ._usage import fresh_input
from .families import family_of

if TYPE_CHECKING:
    from .._failure import Failure
    from .._framing import Event
    from .._question import Question
    from .._reply import Reply
    from .families import Family


class BedrockInvoke:
    """Answers `/model/MODEL/invoke`, and `/invoke-with-response-stream` with binary frames."""

    wire_api = "bedrock.invoke"

    def write(self, question: Question, reply: Reply) -> Rendered:
        """Write an answer as the family of the model does, or the frames of its events."""
        family = family_of(question)
        if question.stream:
            frames = chunk_frames(_events(family, question, reply))
            return Rendered(200, invoke_headers(reply, FRAMES), frames)
        body = encoded(written(family.answer(question, reply)))
        return Rendered(200, invoke_headers(reply, JSON), (Piece(reply.last, body),))

    def refuse(self, question: Question, failure: Failure) -> Rendered:
        """Write an error."""
        return bedrock_refusal(question, failure)


def _events(family: Family, question: Question, reply: Reply) -> list[Event]:
    content = family.content_events(question, reply)
    if reply.broken_by is not None:
        return [*content, exception_event(question, reply.broken_by, reply.last)]
    *endings, (line, name, data) = family.ending_events(question, reply)
    return [*content, *endings, (line, name, f"{data[:-1]},{_metrics(reply)}}}")]


def _metrics(reply: Reply) -> str:
    """Return what Bedrock itself adds to the last event."""
    counts = {
        "inputTokenCount": fresh_input(reply.usage),
        "outputTokenCount": reply.usage.output_tokens or 0,
        "invocationLatency": reply.latency_ms,
        "firstByteLatency": reply.latency_ms,
        "cacheReadInputTokenCount": reply.usage.cache_read_tokens,
        "cacheWriteInputTokenCount": reply.usage.cache_write_tokens,
    }
    told = {name: one for name, one in counts.items() if one is not None}
    return members({"amazon-bedrock-invocationMetrics": told})
