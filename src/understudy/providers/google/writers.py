"""The writers of Google's APIs, at Gemini's and on Vertex, and what embeddings are answered."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from ...wire.fields import mapping, mappings
from ...wire.writing import NAMED_SSE, JsonApi, Kept, Reply, json_text, vectors_for
from .._embedding_models import dimensions_of
from ._refusals import JSON, refuse
from ._write_gemini import EVENT_STREAM, Gemini, google_headers
from ._write_interactions import interaction, interaction_events, kept_ids, resumed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ...calls import Usage
    from ...wire import Question


def embed_answer(question: Question, reply: Reply) -> dict[str, Any]:
    """Return one vector, a list of them, or on Vertex predictions."""
    body, path = question.body, question.target.path
    if path.endswith(":predict"):
        return _predictions(question, reply)
    batch = path.endswith(":batchEmbedContents")
    asked = mappings(body.get("requests")) if batch else [body]
    length = next(
        (one["outputDimensionality"] for one in asked if "outputDimensionality" in one), None
    )
    texts = [_text(one) for one in asked]
    vectors = _vectors(question, reply, texts, length)
    values = [{"values": vector} for vector in vectors]
    given = {"embeddings": values} if batch else {"embedding": values[0]}
    tokens = reply.usage.input_tokens or 0
    return {**given, "usageMetadata": {"promptTokenCount": tokens, "totalTokenCount": tokens}}


def _predictions(question: Question, reply: Reply) -> dict[str, Any]:
    texts = [str(one.get("content", "")) for one in mappings(question.body.get("instances"))]
    length = mapping(question.body.get("parameters")).get("outputDimensionality")
    vectors = _vectors(question, reply, texts, length)
    counts = _shares(reply.usage, len(texts))
    return {
        "predictions": [
            {
                "embeddings": {
                    "statistics": {"truncated": False, "token_count": count},
                    "values": vector,
                }
            }
            for count, vector in zip(counts, vectors, strict=True)
        ]
    }


def _vectors(
    question: Question, reply: Reply, texts: Sequence[str], length: Any
) -> list[Sequence[float]]:
    return vectors_for(texts, reply, dimensions_of(question.model_of(reply.model), length))


def _shares(usage: Usage, parts: int) -> list[int]:
    """Share the input's tokens out to the texts: the first one gets what is left over."""
    tokens = usage.input_tokens or 0
    share = tokens // parts if parts else 0
    return [tokens - share * (parts - 1), *[share] * (parts - 1)] if parts else []


def _text(asked: Mapping[str, Any]) -> str:
    parts = mappings(mapping(asked.get("content")).get("parts"))
    return "".join(str(part.get("text") or json_text(part)) for part in parts)


_Api = partial(JsonApi, headers=google_headers, refuse=refuse, content_type=JSON)
WRITERS = (
    Gemini(),
    _Api(wire_api="google.embed", answer=embed_answer),
    _Api(
        wire_api="google.interactions",
        answer=interaction,
        events=interaction_events,
        framing=NAMED_SSE._replace(content_type=EVENT_STREAM),
        keeps=Kept(kept_ids, resumed),
    ),
)
