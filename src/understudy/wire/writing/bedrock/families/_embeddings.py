"""Models that embed: Titan and Cohere. They do not stream."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any

from ... import cohere
from ..._dimensions import dimensions_of
from ..._encode import written
from ..._vectors import vectors_for

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..._framing import Event
    from ..._question import Question
    from ..._reply import Reply


class _Whole(ABC):
    """An answer that comes in one event, where somebody asks for a stream."""

    @abstractmethod
    def answer(self, question: Question, reply: Reply) -> Mapping[str, Any]:
        """Return the whole answer."""

    def content_events(self, question: Question, reply: Reply) -> list[Event]:  # noqa: ARG002
        """Return nothing."""
        return []

    def ending_events(self, question: Question, reply: Reply) -> list[Event]:
        """Return the whole answer."""
        return [(reply.last, "", written(self.answer(question, reply)))]


class TitanEmbeddings(_Whole):
    """Amazon Titan: one vector."""

    def answer(self, question: Question, reply: Reply) -> Mapping[str, Any]:
        """Return the vector, and the count of the input."""
        body = question.body
        length = dimensions_of(question.model_of(None), body.get("dimensions"))
        (vector,) = vectors_for([str(body.get("inputText", ""))], reply, length)
        tokens = reply.usage.input_tokens or 0
        return {
            "embedding": vector,
            "embeddingsByType": {"float": vector},
            "inputTextTokenCount": tokens,
        }


class CohereEmbeddings(_Whole):
    """Cohere's embeddings; the count stands in a header."""

    def answer(self, question: Question, reply: Reply) -> Mapping[str, Any]:
        """Return a vector for each text."""
        whole = cohere.embed_answer(question, reply, by_type=False)
        return {name: value for name, value in whole.items() if name != "meta"}
