"""Cohere's embeddings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..._json import mappings
from .._dimensions import dimensions_of
from .._encode import encoded, written
from .._headers import JSON
from .._rendered import Piece, Rendered
from .._vectors import packed, vectors_for
from ._headers import cohere_headers
from ._refusals import cohere_refusal
from ._usage import embed_meta

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .._failure import Failure
    from .._question import Question
    from .._reply import Reply

_BITS = 8
_MIDDLE = 128


class CohereEmbed:
    """Answers `v1/embed` and `v2/embed`."""

    def __init__(self, version: str) -> None:
        self.wire_api = f"cohere.embed.{version}"
        self._version = version[1:]

    def write(self, question: Question, reply: Reply) -> Rendered:
        """Write a vector for each text, in the types that the request asks for."""
        by_type = self._version != "1" or bool(question.body.get("embedding_types"))
        answer = embed_answer(question, reply, by_type=by_type, version=self._version)
        body = encoded(written(answer))
        return Rendered(200, cohere_headers(reply, JSON), (Piece(reply.last, body),))

    def refuse(self, question: Question, failure: Failure) -> Rendered:
        """Write an error."""
        return cohere_refusal(question, failure)


def embed_answer(
    question: Question, reply: Reply, *, by_type: bool, version: str = "1"
) -> dict[str, Any]:
    """Return the vectors: one list of each type asked for, or of numbers alone."""
    texts = _texts(question)
    length = dimensions_of(question.model_of(None), question.body.get("output_dimension"))
    vectors = vectors_for(texts, reply, length)
    types = question.body.get("embedding_types") or ["float"]
    embeddings = (
        {str(one): [_typed(vector, one) for vector in vectors] for one in types}
        if by_type
        else vectors
    )
    return {
        "id": reply.id,
        "embeddings": embeddings,
        "texts": texts,
        "meta": embed_meta(reply.usage, version),
        "response_type": "embeddings_by_type" if by_type else "embeddings_floats",
    }


def _texts(question: Question) -> list[str]:
    """Return what is to be embedded; an image is its data URL, a mixed input all its parts."""
    body = question.body
    mixed = [
        "".join(str(part.get("text") or written(part)) for part in mappings(one.get("content")))
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
