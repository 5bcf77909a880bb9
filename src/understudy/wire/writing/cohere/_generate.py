"""Cohere's generate API: one text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .._encode import encoded, quoted, written
from .._framing import json_lines
from .._headers import JSON
from .._joined import joined
from .._rendered import Piece, Rendered
from .._reply import RefusalLine, TextLine
from ._headers import LINES, cohere_headers
from ._reasons import reason_v1
from ._refusals import cohere_refusal, error_message
from ._usage import cohere_meta

if TYPE_CHECKING:
    from .._failure import Failure
    from .._framing import Event
    from .._question import Question
    from .._reply import Reply


class CohereGenerateV1:
    """Answers `v1/generate` with one generation."""

    wire_api = "cohere.generate.v1"

    def write(self, question: Question, reply: Reply) -> Rendered:
        """Write an answer, or its events."""
        if question.stream:
            events = json_lines(_events(question, reply))
            return Rendered(200, cohere_headers(reply, LINES), events)
        body = encoded(written(_answer(question, reply)))
        return Rendered(200, cohere_headers(reply, JSON), (Piece(reply.last, body),))

    def refuse(self, question: Question, failure: Failure) -> Rendered:
        """Write an error."""
        return cohere_refusal(question, failure)


def _answer(question: Question, reply: Reply) -> dict[str, Any]:
    content = joined(reply)
    text = (content.text or "") + (content.refusal or "")
    generation = {"id": f"gen-{reply.id}", "text": text, "finish_reason": reason_v1(reply)}
    return {
        "id": reply.id,
        "generations": [generation],
        "prompt": question.body.get("prompt"),
        "meta": cohere_meta(reply.usage),
    }


def _events(question: Question, reply: Reply) -> list[Event]:
    before = '{"is_finished":false,"event_type":"text-generation","text":'
    events: list[Event] = [
        (place, "", f"{before}{quoted(chunk)}}}")
        for place, line in enumerate(reply.lines)
        if isinstance(line, TextLine | RefusalLine)
        for chunk in line.chunks
    ]
    end: dict[str, Any] = {"is_finished": True}
    if reply.broken_by is None:
        end |= {"event_type": "stream-end", "finish_reason": reason_v1(reply)}
        end["response"] = _answer(question, reply)
    else:
        end |= {"event_type": "stream-error", "finish_reason": "ERROR"}
        end["err"] = error_message(question, reply.broken_by)
    return [*events, (reply.last, "", written(end))]
