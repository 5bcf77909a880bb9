"""Ollama's chat."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .._encode import encoded, members, quoted, written
from .._framing import json_lines
from .._joined import arguments, call_id, joined
from .._rendered import Piece, Rendered
from .._reply import ThinkingLine, ToolLine
from ._figures import JSON, LINES, ending, head, ollama_headers
from ._refusals import error_body, ollama_refusal

if TYPE_CHECKING:
    from .._failure import Failure
    from .._framing import Event
    from .._question import Question
    from .._reply import Reply

_SILENT = {"role": "assistant", "content": ""}


class OllamaChat:
    """Answers `api/chat`."""

    wire_api = "ollama.chat"

    def write(self, question: Question, reply: Reply) -> Rendered:
        """Write an answer, or its lines."""
        if question.stream:
            lines = json_lines(_events(question, reply))
            return Rendered(200, ollama_headers(reply, LINES), lines)
        whole = {**head(question, reply), "message": _message(reply), **ending(reply)}
        body = encoded(written(whole))
        return Rendered(200, ollama_headers(reply, JSON), (Piece(reply.last, body),))

    def refuse(self, question: Question, failure: Failure) -> Rendered:
        """Write an error."""
        return ollama_refusal(question, failure)


def _message(reply: Reply) -> dict[str, Any]:
    content = joined(reply)
    message: dict[str, Any] = {"role": "assistant"}
    message["content"] = (content.text or "") + (content.refusal or "")
    if content.thinking is not None:
        message["thinking"] = content.thinking
    if content.tools:
        calls = [_call(reply, tool, number) for number, tool in enumerate(content.tools)]
        message["tool_calls"] = calls
    return message


def _call(reply: Reply, tool: ToolLine, number: int) -> dict[str, Any]:
    called = {"index": number, "name": tool.name, "arguments": arguments(tool)}
    return {"id": call_id(reply, tool, number, "call_"), "function": called}


def _events(question: Question, reply: Reply) -> list[Event]:
    told = head(question, reply)
    before, after = f'{{{members(told)},"message":', ',"done":false}'
    events: list[Event] = []
    tools = 0
    for place, line in enumerate(reply.lines):
        if isinstance(line, ToolLine):
            called = written({**_SILENT, "tool_calls": [_call(reply, line, tools)]})
            events.append((place, "", f"{before}{called}{after}"))
            tools += 1
            continue
        opening = '{"role":"assistant","content":'
        if isinstance(line, ThinkingLine):
            opening = f'{opening}"","thinking":'
        opening = f"{before}{opening}"
        events += [(place, "", f"{opening}{quoted(one)}}}{after}") for one in line.chunks]
    if reply.broken_by is not None:
        return [*events, (reply.last, "", error_body(question, reply.broken_by))]
    return [*events, (reply.last, "", written({**told, "message": _SILENT, **ending(reply)}))]
