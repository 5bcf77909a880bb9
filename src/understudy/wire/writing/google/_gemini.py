"""Gemini's generateContent: whole, as server-sent events, or as an array."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from .._encode import encoded, members, quoted, written
from .._failure import ErrorKind
from .._framing import json_array, sse
from .._joined import arguments, blocks
from .._rendered import Piece, Rendered
from .._reply import ThinkingLine, ToolLine
from ._headers import EVENT_STREAM, JSON, google_error_headers, google_headers
from ._refusals import error_body, google_refusal
from ._usage import gemini_usage, prompt_usage

if TYPE_CHECKING:
    from .._failure import Failure
    from .._framing import Event
    from .._question import Question
    from .._reply import Line, Reply

_REASONS = MappingProxyType(
    {
        "stop": "STOP",
        "length": "MAX_TOKENS",
        "tool_calls": "STOP",
        "content_filter": "SAFETY",
    }
)


class Gemini:
    """Answers `:generateContent` and `:streamGenerateContent` with one candidate."""

    wire_api = "google.generateContent"

    def write(self, question: Question, reply: Reply) -> Rendered:
        """Write a GenerateContentResponse, or one for each chunk."""
        if question.stream:
            return _streamed(question, reply)
        parts = ",".join(_part(one.lines[0][1], one.text) for one in blocks(reply))
        body = _response(parts, _last(question, reply))
        return Rendered(200, google_headers(reply, JSON), (Piece(reply.last, encoded(body)),))

    def refuse(self, question: Question, failure: Failure) -> Rendered:
        """Write an error; a prompt that is blocked is none to Google, unless a status is told."""
        if failure.kind is ErrorKind.CONTENT_FILTER and failure.status is None:
            return _blocked(question, failure)
        return google_refusal(question, failure)


def _response(parts: str, after: str) -> str:
    said = f'"parts":[{parts}],' if parts else ""
    return f'{{"candidates":[{{"content":{{{said}{after}'


def _last(question: Question, reply: Reply) -> str:
    """Return what stands after the parts in a response that ends the answer."""
    reason = _REASONS.get(reply.reason, reply.reason)
    finish = f',"finishReason":{quoted(reason)}'
    return _after(question, reply, gemini_usage(reply.usage), finish)


def _after(question: Question, reply: Reply, usage: dict[str, Any], finish: str = "") -> str:
    told = {
        "usageMetadata": usage,
        "modelVersion": question.model_of(reply.model),
        "responseId": reply.id,
    }
    return f'"role":"model"}}{finish},"index":0}}],{members(told)}}}'


def _part(line: Line, text: str) -> str:
    if isinstance(line, ToolLine):
        call = {"name": line.name, "args": arguments(line)}
        return f'{{"functionCall":{written(call if line.id is None else {"id": line.id, **call})}}}'
    thought = ',"thought":true' if isinstance(line, ThinkingLine) else ""
    return f'{{"text":{quoted(text)}{thought}}}'


def _streamed(question: Question, reply: Reply) -> Rendered:
    events = _events(question, reply)
    if "alt=sse" in question.target.query:
        return Rendered(200, google_headers(reply, EVENT_STREAM), sse(events))
    return Rendered(200, google_headers(reply, JSON), json_array(events))


def _events(question: Question, reply: Reply) -> list[Event]:
    """Return a response for each chunk; the last one tells the reason and the whole usage."""
    parts = _parts(reply)
    after = _after(question, reply, prompt_usage(reply.usage))
    events: list[Event] = [(place, "", _response(part, after)) for place, part in parts]
    if reply.broken_by is not None:
        return [*events, (reply.last, "", written(error_body(question, reply.broken_by)))]
    place, part = parts[-1] if parts else (reply.last, "")
    return [*events[:-1], (place, "", _response(part, _last(question, reply)))]


def _parts(reply: Reply) -> list[tuple[int | None, str]]:
    parts: list[tuple[int | None, str]] = []
    for place, line in enumerate(reply.lines):
        if isinstance(line, ToolLine):
            parts.append((place, _part(line, "")))
        else:
            parts += [(place, _part(line, chunk)) for chunk in line.chunks]
    return parts


def _blocked(question: Question, failure: Failure) -> Rendered:
    feedback: dict[str, Any] = {"blockReason": "PROHIBITED_CONTENT"}
    if failure.message is not None:
        feedback["blockReasonMessage"] = failure.message
    body = written(
        {
            "promptFeedback": feedback,
            "usageMetadata": {"promptTokenCount": 0, "totalTokenCount": 0},
            "modelVersion": question.model_of(None),
            "responseId": failure.id,
        }
    )
    events: list[Event] = [(None, "", body)]
    if not question.stream:
        headers = google_error_headers(failure, JSON)
        return Rendered(200, headers, (Piece(None, encoded(body)),))
    if "alt=sse" in question.target.query:
        return Rendered(200, google_error_headers(failure, EVENT_STREAM), sse(events))
    return Rendered(200, google_error_headers(failure, JSON), json_array(events))
