"""OpenAI's embeddings, and everybody who speaks them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...calls import Operation
from .._api import Asked
from ._openai_chat import asks_a_model, openai_asked, read_head
from ._openai_usage import read_openai_usage

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .._draft import Draft
    from .._target import Peek, Target


class OpenAIEmbeddings:
    """`POST …/embeddings`: usage is input alone."""

    wire_api = "openai.embeddings"
    operation = Operation.EMBEDDINGS
    landmarks = None

    def matches(self, target: Target, peek: Peek) -> bool:
        """Match by the path, on a stranger's host by the body too."""
        return target.path.endswith("embeddings") and asks_a_model(target, peek, "input")

    def asked(self, target: Target, body: Mapping[str, Any]) -> Asked:
        """Read the body; embeddings do not stream."""
        return Asked(openai_asked(target, body).model)

    def read_answer(self, answer: Mapping[str, Any], draft: Draft) -> None:
        """Read usage and model."""
        read_head(answer, draft)
        read_openai_usage(answer.get("usage"), draft)

    def read_event(self, event: Mapping[str, Any], draft: Draft) -> None:
        """Embeddings do not stream."""

    def has_content(self, event: Mapping[str, Any]) -> bool:  # noqa: ARG002
        """Embeddings do not stream."""
        return False
