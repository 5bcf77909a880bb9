"""Gemini's embeddings: one text, a batch of them, and Vertex's predictions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..._json import mapping, mappings
from .._dimensions import dimensions_of
from .._encode import encoded, written
from .._rendered import Piece, Rendered
from .._vectors import vectors_for
from ._headers import JSON, google_headers
from ._refusals import google_refusal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ....calls import Usage
    from .._failure import Failure
    from .._question import Question
    from .._reply import Reply


class GeminiEmbed:
    """Answers `:embedContent`, `:batchEmbedContents`, and on Vertex `:predict`."""

    wire_api = "google.embed"

    def write(self, question: Question, reply: Reply) -> Rendered:
        """Write one vector, or a list of them."""
        body, path = encoded(written(_answer(question, reply))), reply.last
        return Rendered(200, google_headers(reply, JSON), (Piece(path, body),))

    def refuse(self, question: Question, failure: Failure) -> Rendered:
        """Write an error."""
        return google_refusal(question, failure)


def _answer(question: Question, reply: Reply) -> dict[str, Any]:
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
    told = {"embeddings": values} if batch else {"embedding": values[0]}
    tokens = reply.usage.input_tokens or 0
    return {**told, "usageMetadata": {"promptTokenCount": tokens, "totalTokenCount": tokens}}


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
    return "".join(str(part.get("text") or written(part)) for part in parts)
