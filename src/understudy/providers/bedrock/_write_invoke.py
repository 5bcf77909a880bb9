"""What Bedrock answers to Invoke: one way to every family of models, each of its own shape."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ...wire.writing import Event, Headers, Reply, json_text, members, vectors_for
from .._embedding_models import dimensions_of
from ..anthropic import _write_messages as claude
from ..cohere import _write_chat_v1 as command
from ..cohere import _write_embed as cohere_embed
from ..openai import _write_chat as openai
from . import _write_converse as converse
from ._refusals import exception_event
from ._write_converse import fresh_input
from ._write_text_models import LLAMA, MISTRAL_TEXT, TITAN_TEXT, Family

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ...wire import Question

_CLAUDE = re.compile(r"anthropic\.(.+?)(?:-v\d+)?(?::\d+)?$")


def _claude_answer(question: Question, reply: Reply) -> dict[str, Any]:
    return claude.message(_named(question), _marked(reply))


def _claude_content(question: Question, reply: Reply) -> list[Event]:
    """Return the start and the blocks, without Anthropic's pings."""
    events = claude.content_events(_named(question), _marked(reply))
    return [event for event in events if event[1] != "ping"]


def _named(question: Question) -> Question:
    """Let the message name the model as Anthropic does, without region and version."""
    found = _CLAUDE.search(question.model_of(None))
    return replace(question, model=found[1]) if found else question


def _marked(reply: Reply) -> Reply:
    return replace(reply, id=f"bdrk_{reply.id}")


def _nova_answer(question: Question, reply: Reply) -> dict[str, Any]:
    """Return Converse's message with counts of Nova's own."""
    whole = converse.converse_answer(question, reply)
    return {
        "output": whole["output"],
        "stopReason": whole["stopReason"],
        "usage": {**_nova_usage(reply), "totalTokens": whole["usage"]["totalTokens"]},
    }


def _nova_content(question: Question, reply: Reply) -> list[Event]:
    return [_wrapped(event) for event in converse.content_events(question, reply)]


def _nova_endings(question: Question, reply: Reply) -> list[Event]:
    stop, _ = converse.ending_events(question, reply)
    metadata = {"usage": _nova_usage(reply), "metrics": {}, "trace": {}}
    return [_wrapped(stop), _wrapped((reply.last, "metadata", json_text(metadata)))]


def _wrapped(event: Event) -> Event:
    """Return the event as an object with its name as the only key."""
    line, name, data = event
    return line, name, f'{{"{name}":{data}}}'


def _nova_usage(reply: Reply) -> dict[str, int]:
    usage = reply.usage
    return {
        "inputTokens": converse.fresh_input(usage),
        "outputTokens": usage.output_tokens or 0,
        "cacheReadInputTokenCount": usage.cache_read_tokens or 0,
        "cacheWriteInputTokenCount": usage.cache_write_tokens or 0,
    }


def _command_answer(question: Question, reply: Reply) -> dict[str, Any]:
    return _without_counts(command.chat_answer(question, reply))


def _cohere_embed(question: Question, reply: Reply) -> dict[str, Any]:
    return _without_counts(cohere_embed.embed_answer(question, reply, by_type=False))


def _without_counts(whole: dict[str, Any]) -> dict[str, Any]:
    """Return an answer of Cohere's whose counts stand in the headers."""
    return {name: value for name, value in whole.items() if name != "meta"}


def _titan_embed(question: Question, reply: Reply) -> dict[str, Any]:
    body = question.body
    length = dimensions_of(question.model_of(None), body.get("dimensions"))
    (vector,) = vectors_for([str(body.get("inputText", ""))], reply, length)
    tokens = reply.usage.input_tokens or 0
    return {
        "embedding": vector,
        "embeddingsByType": {"float": vector},
        "inputTextTokenCount": tokens,
    }


_ANTHROPIC = Family(_claude_answer, _claude_content, claude.ending_events)
_NOVA = Family(_nova_answer, _nova_content, _nova_endings)
_COMMAND = Family(_command_answer, command.content_events, command.ending_events)
_OTHERS = Family(openai.chat_answer, openai.content_events, openai.ending_events)
# Parts of the names of models, or keys of the body where the name is an opaque ARN.
_BY_NAME: tuple[tuple[str, Family], ...] = (
    ("titan-embed", Family(_titan_embed)),
    ("cohere.embed", Family(_cohere_embed)),
    ("cohere.command", _COMMAND),
    ("anthropic", _ANTHROPIC),
    ("nova", _NOVA),
    ("titan", TITAN_TEXT),
    ("llama", LLAMA),
)
_BY_KEY: tuple[tuple[str, Family], ...] = (
    ("anthropic_version", _ANTHROPIC),
    ("schemaVersion", _NOVA),
    ("inferenceConfig", _NOVA),
    ("textGenerationConfig", TITAN_TEXT),
    ("max_gen_len", LLAMA),
)


def family_of(question: Question) -> Family:
    """Tell by the name of the model, then by its body; all others speak OpenAI's chat."""
    name, body = question.model_of(None).lower(), question.body
    for part, family in _BY_NAME:
        if part in name:
            return family
    if "mistral" in name and "prompt" in body:
        return MISTRAL_TEXT
    return next((family for key, family in _BY_KEY if key in body), _OTHERS)


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
