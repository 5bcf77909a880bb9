"""Anthropic's usage block, which counts cached input apart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ....calls import Usage


def input_usage(usage: Usage) -> dict[str, int]:
    """Return the counts of the input; what is unknown is 0."""
    read, written = usage.cache_read_tokens or 0, usage.cache_write_tokens or 0
    return {
        "input_tokens": max((usage.input_tokens or 0) - read - written, 0),
        "cache_creation_input_tokens": written,
        "cache_read_input_tokens": read,
    }


def message_usage(usage: Usage, output_tokens: int) -> dict[str, Any]:
    """Return the block of a message with `output_tokens` so far."""
    hour = usage.cache_write_1h_tokens or 0
    creation = {
        "ephemeral_5m_input_tokens": max((usage.cache_write_tokens or 0) - hour, 0),
        "ephemeral_1h_input_tokens": hour,
    }
    return {
        **input_usage(usage),
        "cache_creation": creation,
        "output_tokens": output_tokens,
        "service_tier": "standard",
    }


def output_usage(usage: Usage) -> dict[str, Any]:
    """Return the counts of the whole output; thoughts only where they are known."""
    counts: dict[str, Any] = {"output_tokens": usage.output_tokens or 0}
    if usage.reasoning_tokens is not None:
        counts["output_tokens_details"] = {"thinking_tokens": usage.reasoning_tokens}
    return counts
