"""What Anthropic answers to its text completions, which never tell usage."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...wire.writing import joined, json_text, members, text_events
from ._refusals import error_body

if TYPE_CHECKING:
    from ...wire import Question
    from ...wire.writing import Event, Reply

_NAME = "completion"


def completion(question: Question, reply: Reply) -> dict[str, Any]:
    """Return a whole `completion`; thoughts and tool calls have no place in it."""
    return _completion(question, reply, joined(reply).plain)


def _completion(question: Question, reply: Reply, text: str) -> dict[str, Any]:
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


def completion_events(question: Question, reply: Reply) -> list[Event]:
    """Return a `completion` for each piece of text, and one that is over."""
    last = _completion(question, reply, "")
    others = {name: value for name, value in last.items() if name != "completion"}
    after = members({**others, "stop_reason": None, "stop": None})
    events = text_events(reply, '{"completion":', f",{after}}}", _NAME)
    if reply.broken_by is not None:
        error = json_text(error_body(question, reply.broken_by))
        return [*events, (reply.last, "error", error)]
    return [*events, (reply.last, _NAME, json_text(last))]
