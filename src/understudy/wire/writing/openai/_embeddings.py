"""OpenAI's embeddings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .._dimensions import dimensions_of
from .._encode import encoded, written
from .._headers import JSON
from .._rendered import Piece, Rendered
from .._vectors import packed, vectors_for
from ._headers import openai_headers
from ._refusals import openai_refusal
from ._usage import embeddings_usage

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .._failure import Failure
    from .._question import Question
    from .._reply import Reply


class OpenAIEmbeddings:
    """Answers `embeddings`: numbers, or their bytes in base64 where the request asks so."""

    wire_api = "openai.embeddings"

    def write(self, question: Question, reply: Reply) -> Rendered:
        """Write the list of vectors."""
        body = question.body
        model = question.model_of(reply.model)
        asked = body.get("dimensions") or body.get("output_dimension")
        vectors = vectors_for(_inputs(body.get("input")), reply, dimensions_of(model, asked))
        in_base64 = body.get("encoding_format") == "base64"
        answer = {
            **_identity(question, reply),
            "object": "list",
            "data": [_datum(place, one, in_base64) for place, one in enumerate(vectors)],
            "model": model,
            "usage": embeddings_usage(reply.usage),
        }
        headers = openai_headers(question, reply, JSON)
        return Rendered(200, headers, (Piece(reply.last, encoded(written(answer))),))

    def refuse(self, question: Question, failure: Failure) -> Rendered:
        """Write an error."""
        return openai_refusal(question, failure)


def _identity(question: Question, reply: Reply) -> dict[str, str]:
    """Return the id that all tell but OpenAI."""
    nameless = question.target.provider in ("openai", "azure")
    return {} if nameless else {"id": f"embd-{reply.id}"}


def _datum(place: int, vector: Sequence[float], in_base64: bool) -> dict[str, Any]:  # noqa: FBT001
    embedding = packed(vector) if in_base64 else vector
    return {"object": "embedding", "index": place, "embedding": embedding}


def _inputs(told: Any) -> list[str]:
    """Return the inputs: one text or many, or their tokens, which stand for a text too."""
    if not isinstance(told, list) or (told and isinstance(told[0], int)):
        return [_text(told)]
    return [_text(one) for one in told]


def _text(told: Any) -> str:
    return told if isinstance(told, str) else written(told)
