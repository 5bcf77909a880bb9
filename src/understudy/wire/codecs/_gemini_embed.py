"""Gemini's embeddings, at Google and on Vertex."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...calls import Operation, Usage
from .._api import Asked
from .._counts import count, known_sum
from .._json import mapping, mappings, word
from ._gemini import model_in_path, read_gemini_usage

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .._draft import Draft
    from .._target import Peek, Target

_METHODS = (":embedContent", ":batchEmbedContents", ":embedText", ":batchEmbedText")


class GeminiEmbed:
    """`POST …/models/MODEL:embedContent`; on Vertex `:predict` of an embedding model."""

    wire_api = "google.embed"
    operation = Operation.EMBEDDINGS
    landmarks = None

    def matches(self, target: Target, peek: Peek) -> bool:  # noqa: ARG002
        """Match by the path."""
        path = target.path
        return path.endswith(_METHODS) or (path.endswith(":predict") and "embedding" in path)

    def asked(self, target: Target, body: Mapping[str, Any]) -> Asked:  # noqa: ARG002
        """Read the path: it holds the model."""
        return Asked(model_in_path(target))

    def read_answer(self, answer: Mapping[str, Any], draft: Draft) -> None:
        """Read `usageMetadata`, on Vertex the statistics of each embedding."""
        draft.response_model = word(answer.get("modelVersion"))
        read_gemini_usage(answer.get("usageMetadata"), draft)
        if draft.usage is None:
            _read_statistics(answer, draft)

    def read_event(self, event: Mapping[str, Any], draft: Draft) -> None:
        """Embeddings do not stream."""

    def has_content(self, event: Mapping[str, Any]) -> bool:  # noqa: ARG002
        """Embeddings do not stream."""
        return False


def _read_statistics(answer: Mapping[str, Any], draft: Draft) -> None:
    """Add up Vertex's token counts, one for each text."""
    embeddings = (mapping(one.get("embeddings")) for one in mappings(answer.get("predictions")))
    statistics = [mapping(embedding.get("statistics")) for embedding in embeddings]
    counted = known_sum(*(count(one.get("token_count")) for one in statistics))
    if counted is not None:
        draft.usage_raw = {"statistics": statistics}
        draft.usage = Usage(input_tokens=counted)
