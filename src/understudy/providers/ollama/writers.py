"""The writers of Ollama's own API."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from ...wire.writing import Framing, JsonApi, dimensions_of, json_lines, vectors_for
from ._refusals import JSON, refuse
from ._write_chat import NANOSECONDS, chat_answer, chat_events, generate_answer, generate_events

if TYPE_CHECKING:
    from ...wire.writing import Question, Reply


def embed_answer(question: Question, reply: Reply) -> dict[str, Any]:
    """Return a vector for each input of `api/embed`."""
    asked = question.body.get("input")
    texts = [str(one) for one in (asked if isinstance(asked, list) else [asked])]
    model = question.model_of(reply.model)
    length = dimensions_of(model, question.body.get("dimensions"))
    return {
        "model": model,
        "embeddings": vectors_for(texts, reply, length),
        "total_duration": reply.latency_ms * NANOSECONDS,
        "load_duration": 0,
        "prompt_eval_count": reply.usage.input_tokens or 0,
    }


_Api = partial(
    JsonApi,
    framing=Framing("application/x-ndjson", json_lines),
    refuse=refuse,
    content_type=JSON,
)
WRITERS = (
    _Api(wire_api="ollama.chat", answer=chat_answer, events=chat_events),
    _Api(wire_api="ollama.generate", answer=generate_answer, events=generate_events),
    _Api(wire_api="ollama.embed", answer=embed_answer),
)
