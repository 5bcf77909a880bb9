"""Calls that are no inference: named, and read only for what they have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .._api import Asked
from .._json import mapping, word
from ._anthropic_usage import read_anthropic_usage
from ._bedrock_usage import read_bedrock_usage
from ._cohere_usage import read_cohere_usage
from ._gemini import read_gemini_usage
from ._openai_usage import read_openai_usage

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .._draft import Draft
    from .._target import Peek, Target


class Unread:
    """Stands in for a codec where there is none: model, id and usage, if they can be told."""

    operation = None
    landmarks = None

    def __init__(self, wire_api: str) -> None:
        self.wire_api = wire_api

    def matches(self, target: Target, peek: Peek) -> bool:  # noqa: ARG002
        """Match nothing: such calls are no events."""
        return False

    def asked(self, target: Target, body: Mapping[str, Any]) -> Asked:  # noqa: ARG002
        """Read the body."""
        return Asked(word(body.get("model")), body.get("stream") is True)

    def read_answer(self, answer: Mapping[str, Any], draft: Draft) -> None:
        """Read what most answers say of themselves."""
        draft.response_model = word(answer.get("model")) or draft.response_model
        draft.response_id = word(answer.get("id")) or draft.response_id
        for name in ("usage", "usageMetadata", "meta"):
            read_any_usage(mapping(answer.get(name)), draft)

    def read_event(self, event: Mapping[str, Any], draft: Draft) -> None:
        """Read an event, which may hold an answer; none is known to be the last."""
        self.read_answer(event, draft)
        draft.complete = True

    def has_content(self, event: Mapping[str, Any]) -> bool:  # noqa: ARG002
        """Say no: nobody waits for these."""
        return False


def read_any_usage(block: Mapping[str, Any], draft: Draft) -> None:
    """Read a usage block, told apart by its keys."""
    if "tokens" in block or "billed_units" in block:
        read_cohere_usage(block, draft)
    elif "inputTokens" in block:
        read_bedrock_usage(block, draft)
    elif "totalTokenCount" in block or "promptTokenCount" in block:
        read_gemini_usage(block, draft)
    elif "cache_read_input_tokens" in block and "total_tokens" not in block:
        read_anthropic_usage(block, draft)
    else:
        read_openai_usage(block, draft)
