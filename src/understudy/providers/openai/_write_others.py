"""What OpenAI answers to its legacy completions, whole and in pieces, and to embeddings."""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING, Any

from ...wire.writing import (
    RefusalLine,
    TextLine,
    choices,
    chunks_of,
    json_text,
    likely,
    members,
    packed,
    quoted,
    vectors_for,
)
from .._embedding_models import dimensions_of
from ._refusals import error_chunk
from ._write_chat import chat_usage

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ...wire import Question
    from ...wire.writing import Event, Reply


def _head(question: Question, reply: Reply) -> dict[str, Any]:
    return {
        "id": f"cmpl-{reply.id}",
        "object": "text_completion",
        "created": reply.created,
        "model": question.model_of(reply.model),
    }


def _reason(reply: Reply) -> str:
    return "stop" if reply.reason == "tool_calls" else reply.reason


def _indices(question: Question) -> range:
    """Return the indices of the choices: `n` for each prompt."""
    prompt = question.body.get("prompt")
    prompts = (
        len(prompt)
        if isinstance(prompt, list) and not isinstance(next(iter(prompt), 0), int)
        else 1
    )
    return range(len(choices(question.body.get("n"))) * max(prompts, 1))


def _choice(question: Question, reply: Reply, index: int, chunks: list[str]) -> dict[str, Any]:
    return {
        "text": "".join(chunks),
        "index": index,
        "logprobs": _logprobs(question.body.get("logprobs"), chunks),
        "finish_reason": _reason(reply),
    }


def _logprobs(best: Any, chunks: list[str]) -> dict[str, Any] | None:
    """Return how likely the tokens were, where a number of the best is asked for."""
    if type(best) is not int or not chunks:
        return None
    tokens = likely(chunks, best)
    offsets = accumulate((len(one.token) for one in tokens), initial=0)
    return {
        "tokens": [one.token for one in tokens],
        "token_logprobs": [one.logprob for one in tokens],
        "top_logprobs": [dict(one.best[:best]) for one in tokens] if best else None,
        "text_offset": list(offsets)[:-1],
    }


def completion(question: Question, reply: Reply) -> dict[str, Any]:
    """Return a `text_completion`; thoughts and tool calls have no place in it."""
    chunks = chunks_of(reply, TextLine, RefusalLine)
    told = [_choice(question, reply, index, chunks) for index in _indices(question)]
    return {**_head(question, reply), "choices": told, "usage": chat_usage(reply.usage)}


def completion_events(question: Question, reply: Reply) -> list[Event]:
    """Return the pieces; usage stands apart only where it is asked for, as in chat."""
    options = question.body.get("stream_options")
    apart = isinstance(options, dict) and options.get("include_usage") is True
    opened = f"{{{members(_head(question, reply))}"
    before = f'{opened},"choices":[{{"text":'
    nothing = ',"usage":null' if apart else ""
    after = f',"finish_reason":null}}]{nothing}}}'
    best = question.body.get("logprobs")
    told = [
        (place, f'{before}{quoted(chunk)},"index":', json_text(_logprobs(best, [chunk])))
        for place, line in enumerate(reply.lines)
        if isinstance(line, TextLine | RefusalLine)
        for chunk in line.chunks
    ]
    pieces: list[Event] = [
        (place, "", f'{text}{index},"logprobs":{logprobs}{after}')
        for place, text, logprobs in told
        for index in _indices(question)
    ]
    return [*pieces, *_endings(question, reply, opened, apart=apart)]


def _endings(question: Question, reply: Reply, opened: str, *, apart: bool) -> list[Event]:
    if reply.broken_by is not None:
        return [(reply.last, "", error_chunk(question, reply.broken_by))]
    usage = json_text(chat_usage(reply.usage))
    told = [json_text(_choice(question, reply, index, [])) for index in _indices(question)]
    counts = ["null"] * (len(told) - 1) + ["null" if apart else usage]
    chunks = [
        f'{opened},"choices":[{choice}],"usage":{count}}}'
        for choice, count in zip(told, counts, strict=True)
    ]
    last = [f'{opened},"choices":[],"usage":{usage}}}'] if apart else []
    return [(reply.last, "", chunk) for chunk in (*chunks, *last, "[DONE]")]


def embeddings(question: Question, reply: Reply) -> dict[str, Any]:
    """Return the list of vectors: numbers, or their bytes in base64 where the request asks so."""
    body = question.body
    model = question.model_of(reply.model)
    asked = body.get("dimensions") or body.get("output_dimension")
    vectors = vectors_for(_inputs(body.get("input")), reply, dimensions_of(model, asked))
    in_base64 = body.get("encoding_format") == "base64"
    tokens = reply.usage.input_tokens or 0
    return {
        **_identity(question, reply),
        "object": "list",
        "data": [_datum(place, one, in_base64) for place, one in enumerate(vectors)],
        "model": model,
        "usage": {"prompt_tokens": tokens, "total_tokens": tokens},
    }


def _identity(question: Question, reply: Reply) -> dict[str, str]:
    """Return the id that all tell but OpenAI."""
    nameless = question.target.provider in ("openai", "azure")
    return {} if nameless else {"id": f"embd-{reply.id}"}


def _datum(place: int, vector: Sequence[float], in_base64: bool) -> dict[str, Any]:  # noqa: FBT001
    embedding = packed(vector) if in_base64 else vector
    return {"object": "embedding", "index": place, "embedding": embedding}


def _inputs(asked: Any) -> list[str]:
    """Return the inputs: one text or many, or their tokens, which stand for a text too."""
    if not isinstance(asked, list) or (asked and isinstance(asked[0], int)):
        return [_text(asked)]
    return [_text(one) for one in asked]


def _text(asked: Any) -> str:
    return asked if isinstance(asked, str) else json_text(asked)
