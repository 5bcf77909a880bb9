"""What OpenAI answers to its legacy completions, whole and in pieces."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...wire.writing import joined, json_text, members, text_events
from ._refusals import error_chunk
from ._write_chat import chat_usage

if TYPE_CHECKING:
    from ...wire.writing import Event, Question, Reply


def _head(question: Question, reply: Reply) -> dict[str, Any]:
    return {
        "id": f"cmpl-{reply.id}",
        "object": "text_completion",
        "created": reply.created,
        "model": question.model_of(reply.model),
    }


def _reason(reply: Reply) -> str:
    return "stop" if reply.reason == "tool_calls" else reply.reason


def completion(question: Question, reply: Reply) -> dict[str, Any]:
    """Return a `text_completion`; thoughts and tool calls have no place in it."""
    text = joined(reply).plain
    choice = {"text": text, "index": 0, "logprobs": None, "finish_reason": _reason(reply)}
    usage = chat_usage(reply.usage)
    return {**_head(question, reply), "choices": [choice], "usage": usage}


def completion_events(question: Question, reply: Reply) -> list[Event]:
    """Return the pieces; usage stands apart only where it is asked for, as in chat."""
    options = question.body.get("stream_options")
    apart = isinstance(options, dict) and options.get("include_usage") is True
    opened = f"{{{members(_head(question, reply))}"
    before = f'{opened},"choices":[{{"text":'
    nothing = ',"usage":null' if apart else ""
    after = f',"index":0,"logprobs":null,"finish_reason":null}}]{nothing}}}'
    endings = _endings(question, reply, opened, apart=apart)
    return [*text_events(reply, before, after), *endings]


def _endings(question: Question, reply: Reply, opened: str, *, apart: bool) -> list[Event]:
    if reply.broken_by is not None:
        return [(reply.last, "", error_chunk(question, reply.broken_by))]
    usage = json_text(chat_usage(reply.usage))
    choice = {"text": "", "index": 0, "logprobs": None, "finish_reason": _reason(reply)}
    finish = f'{opened},"choices":[{json_text(choice)}],"usage":{"null" if apart else usage}}}'
    chunks = [finish, f'{opened},"choices":[],"usage":{usage}}}'] if apart else [finish]
    return [(reply.last, "", chunk) for chunk in (*chunks, "[DONE]")]
