"""What is read of requests and answers that no provider's reader is for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..wire import BaseApi, Draft
from ..wire.fields import mapping, word
from ..wire.prompts import read_text
from .anthropic import read_anthropic_usage, read_messages
from .bedrock import read_bedrock_usage
from .cohere import read_cohere_usage
from .google import read_gemini_usage
from .openai import read_chat, read_openai_usage

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..calls import Prompt


class UnnamedApi(BaseApi):
    """Stands in for a wire API where there is none: model, id and usage, if they can be told.

    It matches nothing, for such requests are no calls.
    """

    def __init__(self, wire_api: str) -> None:
        self.wire_api = wire_api

    def read_answer(self, answer: Mapping[str, Any], draft: Draft) -> None:
        """Read what most answers say of themselves."""
        draft.response_model = word(answer.get("model")) or draft.response_model
        draft.response_id = word(answer.get("id")) or draft.response_id
        for name in ("usage", "usageMetadata", "usage_info"):
            _read_usage(mapping(answer.get(name)), draft)
        read_cohere_usage(answer.get("meta"), draft)

    def read_event(self, event: Mapping[str, Any], draft: Draft) -> None:
        """Read an event, which may hold an answer; none is known to be the last."""
        self.read_answer(event, draft)
        draft.complete = True


def read_prompt(body: Mapping[str, Any]) -> Prompt:
    """Read a conversation by its look: Anthropic's, OpenAI's, or a text."""
    if "anthropic_version" in body:
        return read_messages(body)
    return read_chat(body) if "messages" in body else read_text(body)


def _read_usage(block: Mapping[str, Any], draft: Draft) -> None:
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
