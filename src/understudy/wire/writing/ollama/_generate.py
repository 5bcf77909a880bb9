"""Ollama's generate; tool calls have no place in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .._encode import encoded, members, quoted, written
from .._framing import json_lines
from .._joined import joined
from .._rendered import Piece, Rendered
from .._reply import ThinkingLine, ToolLine
from ._figures import JSON, LINES, ending, head, ollama_headers
from ._refusals import error_body, ollama_refusal

if TYPE_CHECKING:
    from .._failure import Failure
    from .._framing import Event
    from .._question import Question
    from .._reply import Reply


class OllamaGenerate:
    """Answers `api/generate`."""

    wire_api = "ollama.generate"

    def write(self, question: Question, reply: Reply) -> Rendered:
        """Write an answer, or its lines."""
        if question.stream:
            lines = json_lines(_events(question, reply))
            return Rendered(200, ollama_headers(reply, LINES), lines)
        whole = {**head(question, reply), **_content(reply), **ending(reply)}
        body = encoded(written(whole))
        return Rendered(200, ollama_headers(reply, JSON), (Piece(reply.last, body),))

    def refuse(self, question: Question, failure: Failure) -> Rendered:
        """Write an error."""
        return ollama_refusal(question, failure)


def _content(reply: Reply) -> dict[str, Any]:
    content = joined(reply)
    told = {"response": (content.text or "") + (content.refusal or "")}
    return told if content.thinking is None else {**told, "thinking": content.thinking}


def _events(question: Question, reply: Reply) -> list[Event]:
    told = head(question, reply)
    before, after = f"{{{members(told)},", ',"done":false}'
    events: list[Event] = []
    for place, line in enumerate(reply.lines):
        if isinstance(line, ToolLine):
            continue
        opening = '"response":'
        if isinstance(line, ThinkingLine):
            opening = f'{opening}"","thinking":'
        events += [(place, "", f"{before}{opening}{quoted(one)}{after}") for one in line.chunks]
    if reply.broken_by is not None:
        return [*events, (reply.last, "", error_body(question, reply.broken_by))]
    return [*events, (reply.last, "", written({**told, "response": "", **ending(reply)}))]
