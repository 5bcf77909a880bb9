"""Ollama's embeddings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .._dimensions import dimensions_of
from .._encode import encoded, written
from .._rendered import Piece, Rendered
from .._vectors import vectors_for
from ._figures import JSON, ollama_headers
from ._refusals import ollama_refusal

if TYPE_CHECKING:
    from .._failure import Failure
    from .._question import Question
    from .._reply import Reply

_NANOSECONDS = 1_000_000  # in a millisecond


class OllamaEmbed:
    """Answers `api/embed`."""

    wire_api = "ollama.embed"

    def write(self, question: Question, reply: Reply) -> Rendered:
        """Write a vector for each input."""
        told = question.body.get("input")
        texts = [str(one) for one in (told if isinstance(told, list) else [told])]
        model = question.model_of(reply.model)
        length = dimensions_of(model, question.body.get("dimensions"))
        answer = {
            "model": model,
            "embeddings": vectors_for(texts, reply, length),
            "total_duration": reply.latency_ms * _NANOSECONDS,
            "load_duration": 0,
            "prompt_eval_count": reply.usage.input_tokens or 0,
        }
        body = encoded(written(answer))
        return Rendered(200, ollama_headers(reply, JSON), (Piece(reply.last, body),))

    def refuse(self, question: Question, failure: Failure) -> Rendered:
        """Write an error."""
        return ollama_refusal(question, failure)
