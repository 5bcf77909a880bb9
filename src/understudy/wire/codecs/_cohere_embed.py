"""Cohere's embeddings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...calls import Operation
from .._api import Asked
from .._json import word
from ._cohere_chat_v1 import speaks_cohere
from ._cohere_usage import read_cohere_usage

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .._draft import Draft
    from .._target import Peek, Target


class CohereEmbed:
    """`POST /v1/embed` or `/v2/embed`: usage is what is billed."""

    operation = Operation.EMBEDDINGS
    landmarks = None

    def __init__(self, version: str) -> None:
        self.wire_api = f"cohere.embed.{version}"
        self._path = f"/{version}/embed"

    def matches(self, target: Target, peek: Peek) -> bool:
        """Match by path and host; on a stranger's host by the body's `texts`."""
        if not target.path.endswith(self._path):
            return False
        return speaks_cohere(target) or peek.mentions("model", "texts")

    def asked(self, target: Target, body: Mapping[str, Any]) -> Asked:  # noqa: ARG002
        """Read the body."""
        return Asked(word(body.get("model")))

    def read_answer(self, answer: Mapping[str, Any], draft: Draft) -> None:
        """Read an answer."""
        draft.response_id = word(answer.get("id"))
        read_cohere_usage(answer.get("meta"), draft)

    def read_event(self, event: Mapping[str, Any], draft: Draft) -> None:
        """Embeddings do not stream."""

    def has_content(self, event: Mapping[str, Any]) -> bool:  # noqa: ARG002
        """Embeddings do not stream."""
        return False
