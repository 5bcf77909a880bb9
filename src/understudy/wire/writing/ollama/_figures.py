"""What Ollama says of every answer: model, time, counts; and its headers."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from .._headers import overlaid
from .._moments import moment

if TYPE_CHECKING:
    from .._headers import Headers
    from .._question import Question
    from .._reply import Reply

JSON = ("content-type", "application/json; charset=utf-8")
LINES = ("content-type", "application/x-ndjson")
_REASONS = MappingProxyType({"tool_calls": "stop", "content_filter": "stop"})
_NANOSECONDS = 1_000_000  # in a millisecond


def head(question: Question, reply: Reply) -> dict[str, Any]:
    """Return what each line begins with."""
    return {"model": question.model_of(reply.model), "created_at": moment(reply.created)}


def ending(reply: Reply) -> dict[str, Any]:
    """Return why and how it ended: counts, and all of the time for the evaluation."""
    nanoseconds = reply.latency_ms * _NANOSECONDS
    return {
        "done": True,
        "done_reason": _REASONS.get(reply.reason, reply.reason),
        "total_duration": nanoseconds,
        "load_duration": 0,
        "prompt_eval_count": reply.usage.input_tokens or 0,
        "prompt_eval_duration": 0,
        "eval_count": reply.usage.output_tokens or 0,
        "eval_duration": nanoseconds,
    }


def ollama_headers(reply: Reply, content_type: tuple[str, str]) -> Headers:
    """Return the headers, which are none but the type."""
    return overlaid((content_type,), reply.headers)
