"""Bedrock's usage block, which counts cached input apart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ....calls import Usage


def fresh_input(usage: Usage) -> int:
    """Return the input that came neither from the cache nor went into it."""
    cached = (usage.cache_read_tokens or 0) + (usage.cache_write_tokens or 0)
    return max((usage.input_tokens or 0) - cached, 0)


def converse_usage(usage: Usage) -> dict[str, Any]:
    """Return the block of Converse; cache counts only where they are known."""
    cached = {
        "cacheReadInputTokens": usage.cache_read_tokens,
        "cacheWriteInputTokens": usage.cache_write_tokens,
    }
    told: dict[str, Any] = {name: one for name, one in cached.items() if one is not None}
    if usage.cache_write_1h_tokens is not None:
        told["cacheDetails"] = [{"ttl": "1h", "inputTokens": usage.cache_write_1h_tokens}]
    return {
        "inputTokens": fresh_input(usage),
        "outputTokens": usage.output_tokens or 0,
        "totalTokens": (usage.input_tokens or 0) + (usage.output_tokens or 0),
        **told,
    }
