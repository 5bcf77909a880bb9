"""Anthropic's text completions, which never tell usage."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .._encode import encoded, members, quoted, written
from .._framing import named_sse
from .._headers import EVENT_STREAM, JSON
from .._joined import joined
from .._rendered import Piece, Rendered
from .._reply import RefusalLine, TextLine
from ._headers import anthropic_headers
from ._refusals import anthropic_refusal, error_body

if TYPE_CHECKING:
    from .._failure import Failure
    from .._framing import Event
    from .._question import Question
    from .._reply import Reply

_NAME = "completion"


class AnthropicComplete:
    """Answers `v1/complete`; thoughts and tool calls have no place in it."""

    wire_api = "anthropic.complete"

    def write(self, question: Question, reply: Reply) -> Rendered:
        """Write a `completion`, whole or in pieces."""
        if question.stream:
            events = named_sse(_events(question, reply))
            return Rendered(200, anthropic_headers(reply, EVENT_STREAM), events)
        content = joined(reply)
        text = (content.text or "") + (content.refusal or "")
        body = encoded(written(completion(question, reply, text)))
        return Rendered(200, anthropic_headers(reply, JSON), (Piece(reply.last, body),))

    def refuse(self, question: Question, failure: Failure) -> Rendered:
        """Write an error."""
        return anthropic_refusal(question, failure)


def completion(question: Question, reply: Reply, text: str) -> dict[str, Any]:
    """Return a `completion` that is over."""
    length = reply.reason in ("length", "max_tokens")
    return {
        "type": _NAME,
        "id": f"compl_{reply.id}",
        "completion": text,
        "stop_reason": "max_tokens" if length else "stop_sequence",
        "model": question.model_of(reply.model),
        "stop": None if length else "\n\nHuman:",
        "log_id": f"compl_{reply.id}",
    }


def _events(question: Question, reply: Reply) -> list[Event]:
    last = completion(question, reply, "")
    told = {name: value for name, value in last.items() if name != "completion"}
    after = members({**told, "stop_reason": None, "stop": None})
    events: list[Event] = [
        (place, _NAME, f'{{"completion":{quoted(chunk)},{after}}}')
        for place, line in enumerate(reply.lines)
        if isinstance(line, TextLine | RefusalLine)
        for chunk in line.chunks
    ]
    if reply.broken_by is not None:
        error = written(error_body(question, reply.broken_by))
        return [*events, (reply.last, "error", error)]
    return [*events, (reply.last, _NAME, written(last))]
