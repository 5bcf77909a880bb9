"""What Cohere answers to embed, in every type of number that it knows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...wire.fields import mappings
from ...wire.writing import Reply, json_text, packed, vectors_for
from .._embedding_models import dimensions_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ...wire import Question

_BITS = 8
_MIDDLE = 128


def v1_answer(question: Question, reply: Reply) -> dict[str, Any]:
    """Return an answer of `v1/embed`: numbers alone, unless the request asks for types."""
    by_type = bool(question.body.get("embedding_types"))
    return embed_answer(question, reply, by_type=by_type)


def embed_answer(
    question: Question, reply: Reply, *, by_type: bool, version: str = "1"
) -> dict[str, Any]:
    """Return the vectors: one list of each type asked for, or of numbers alone."""
    texts = _texts(question)
    length = dimensions_of(question.model_of(None), question.body.get("output_dimension"))
    vectors = vectors_for(texts, reply, length)
    types = question.body.get("embedding_types") or ["float"]
    billed = {"input_tokens": reply.usage.input_tokens or 0}
    embeddings = (
        {str(one): [_typed(vector, one) for vector in vectors] for one in types}
        if by_type
        else vectors
    )
    return {
        "id": reply.id,
        "embeddings": embeddings,
        "texts": texts,
        "meta": {"api_version": {"version": version}, "billed_units": billed},
        "response_type": "embeddings_by_type" if by_type else "embeddings_floats",
    }


def _texts(question: Question) -> list[str]:
    """Return what is to be embedded; an image is its data URL, a mixed input all its parts."""
    body = question.body
    mixed = [
        "".join(str(part.get("text") or json_text(part)) for part in mappings(one.get("content")))
        for one in mappings(body.get("inputs"))
    ]
    return [*map(str, body.get("texts") or ()), *map(str, body.get("images") or ()), *mixed]


def _typed(vector: Sequence[float], kind: Any) -> Any:
    if kind == "int8":
        return [round(number * (_MIDDLE - 1)) for number in vector]
    if kind == "uint8":
        return [round(number * (_MIDDLE - 1)) + _MIDDLE for number in vector]
    if kind == "ubinary":
        return _bytes(vector)
    if kind == "binary":
        return [byte - _MIDDLE for byte in _bytes(vector)]
    return packed(vector) if kind == "base64" else vector


def _bytes(vector: Sequence[float]) -> list[int]:
    """Return a bit for each number, set where it is above 0, eight in a byte."""
    bits = ["1" if number > 0 else "0" for number in vector]
    return [int("".join(bits[at : at + _BITS]), 2) for at in range(0, len(bits), _BITS)]
