"""Gemini's usage block, in which thoughts stand outside the candidates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ....calls import Usage


def gemini_usage(usage: Usage) -> dict[str, Any]:
    """Return `usageMetadata`."""
    thoughts = usage.reasoning_tokens or 0
    counts = {
        "candidatesTokenCount": max((usage.output_tokens or 0) - thoughts, 0),
        "cachedContentTokenCount": usage.cache_read_tokens,
        "thoughtsTokenCount": usage.reasoning_tokens,
    }
    told = {name: count for name, count in counts.items() if count is not None}
    total = (usage.input_tokens or 0) + (usage.output_tokens or 0)
    return {**prompt_usage(usage), **told, "totalTokenCount": total}


def prompt_usage(usage: Usage) -> dict[str, Any]:
    """Return `usageMetadata` as it stands before the answer is complete."""
    tokens = usage.input_tokens or 0
    details = [{"modality": "TEXT", "tokenCount": tokens}]
    return {"promptTokenCount": tokens, "totalTokenCount": tokens, "promptTokensDetails": details}
