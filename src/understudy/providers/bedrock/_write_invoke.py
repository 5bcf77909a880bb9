"""What Bedrock answers to Invoke: one way to every model, each with answers of its own shape."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...wire.writing import members
from ._refusals import exception_event
from ._write_converse import fresh_input
from ._write_families import family_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ...wire.writing import Event, Headers, Question, Reply

_INNER = ("x-amzn-bedrock-content-type", "application/json")


def invoke_answer(question: Question, reply: Reply) -> Mapping[str, Any]:
    """Return an answer as the family of the model does."""
    return family_of(question).answer(question, reply)


def invoke_events(question: Question, reply: Reply) -> list[Event]:
    """Return the events as the family of the model does; the last one with Bedrock's counts."""
    family = family_of(question)
    content = family.content(question, reply)
    if reply.broken_by is not None:
        return [*content, exception_event(question, reply.broken_by, reply.last)]
    *endings, (line, name, data) = family.ending_events(question, reply)
    return [*content, *endings, (line, name, f"{data[:-1]},{_metrics(reply)}}}")]


def invoke_headers(question: Question, reply: Reply) -> Headers:
    """Return the headers of an answer; the counts only where it does not stream."""
    request_id = ("x-amzn-requestid", reply.id)
    if question.stream:
        return (request_id, _INNER)
    usage = reply.usage
    counts = {
        "input-token-count": fresh_input(usage),
        "output-token-count": usage.output_tokens or 0,
        "invocation-latency": reply.latency_ms,
        "cache-read-input-token-count": usage.cache_read_tokens,
        "cache-write-input-token-count": usage.cache_write_tokens,
    }
    known = [(name, str(one)) for name, one in counts.items() if one is not None]
    return (request_id, *((f"x-amzn-bedrock-{name}", one) for name, one in known))


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
    known = {name: one for name, one in counts.items() if one is not None}
    return members({"amazon-bedrock-invocationMetrics": known})
