"""What OpenAI answers to embeddings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...wire.writing import dimensions_of, json_text, packed, vectors_for

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ...wire.writing import Question, Reply


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
