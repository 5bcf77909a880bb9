"""OpenAI's legacy completions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .._encode import encoded, members, quoted, written
from .._framing import sse
from .._headers import EVENT_STREAM, JSON
from .._joined import joined
from .._rendered import Piece, Rendered
from .._reply import RefusalLine, TextLine
from ._headers import openai_headers
from ._refusals import error_chunk, openai_refusal
from ._usage import chat_usage

if TYPE_CHECKING:
    from .._failure import Failure
    from .._framing import Event
    from .._question import Question
    from .._reply import Reply


class OpenAICompletions:
    """Answers `completions` with one choice; thoughts and tool calls have no place in it."""

    wire_api = "openai.completions"

    def write(self, question: Question, reply: Reply) -> Rendered:
        """Write a `text_completion`, whole or in pieces."""
        if question.stream:
            headers = openai_headers(question, reply, EVENT_STREAM)
            return Rendered(200, headers, sse(_events(question, reply)))
        body = encoded(written(_answer(question, reply)))
        headers = openai_headers(question, reply, JSON)
        return Rendered(200, headers, (Piece(reply.last, body),))

    def refuse(self, question: Question, failure: Failure) -> Rendered:
        """Write an error."""
        return openai_refusal(question, failure)


def _head(question: Question, reply: Reply) -> dict[str, Any]:
    return {
        "id": f"cmpl-{reply.id}",
        "object": "text_completion",
        "created": reply.created,
        "model": question.model_of(reply.model),
    }


def _reason(reply: Reply) -> str:
    return "stop" if reply.reason == "tool_calls" else reply.reason


def _answer(question: Question, reply: Reply) -> dict[str, Any]:
    content = joined(reply)
    text = (content.text or "") + (content.refusal or "")
    choice = {"text": text, "index": 0, "logprobs": None, "finish_reason": _reason(reply)}
    usage = chat_usage(reply.usage)
    return {**_head(question, reply), "choices": [choice], "usage": usage}


def _events(question: Question, reply: Reply) -> list[Event]:
    """Return the pieces; usage stands apart only where it is asked for, as in chat."""
    options = question.body.get("stream_options")
    apart = isinstance(options, dict) and options.get("include_usage") is True
    told = f"{{{members(_head(question, reply))}"
    before = f'{told},"choices":[{{"text":'
    nothing = ',"usage":null' if apart else ""
    after = f',"index":0,"logprobs":null,"finish_reason":null}}]{nothing}}}'
    events: list[Event] = [
        (place, "", f"{before}{quoted(chunk)}{after}")
        for place, line in enumerate(reply.lines)
        if isinstance(line, TextLine | RefusalLine)
        for chunk in line.chunks
    ]
    return [*events, *_endings(question, reply, told, apart=apart)]


def _endings(question: Question, reply: Reply, told: str, *, apart: bool) -> list[Event]:
    if reply.broken_by is not None:
        return [(reply.last, "", error_chunk(question, reply.broken_by))]
    usage = written(chat_usage(reply.usage))
    choice = {"text": "", "index": 0, "logprobs": None, "finish_reason": _reason(reply)}
    finish = f'{told},"choices":[{written(choice)}],"usage":{"null" if apart else usage}}}'
    chunks = [finish, f'{told},"choices":[],"usage":{usage}}}'] if apart else [finish]
    return [(reply.last, "", chunk) for chunk in (*chunks, "[DONE]")]
