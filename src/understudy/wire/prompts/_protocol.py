"""Who reads what a request says to the model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ...calls import Prompt


class PromptReader(Protocol):
    """Reads the conversation out of the request bodies of one wire API. Never raises."""

    def __call__(self, body: Mapping[str, Any]) -> Prompt:
        """Return messages, tools and the schema of the answer; empty where nothing is known."""
