"""OpenAI's usage blocks, of which cached and reasoning tokens are parts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ....calls import Usage


def chat_usage(usage: Usage) -> dict[str, Any]:
    """Return the block of chat completions and of completions; what is unknown is 0."""
    prompt, completion = usage.input_tokens or 0, usage.output_tokens or 0
    details = {"cached_tokens": usage.cache_read_tokens or 0, "audio_tokens": 0}
    if usage.cache_write_tokens is not None:
        details["cache_write_tokens"] = usage.cache_write_tokens
    return {
        "prompt_tokens": prompt,
        "completion_tokens": completion,
        "total_tokens": prompt + completion,
        "prompt_tokens_details": details,
        "completion_tokens_details": {
            "reasoning_tokens": usage.reasoning_tokens or 0,
            "audio_tokens": 0,
            "accepted_prediction_tokens": 0,
            "rejected_prediction_tokens": 0,
        },
    }


def responses_usage(usage: Usage) -> dict[str, Any]:
    """Return the block of Responses; what is unknown is 0."""
    told, written = usage.input_tokens or 0, usage.output_tokens or 0
    return {
        "input_tokens": told,
        "input_tokens_details": {
            "cached_tokens": usage.cache_read_tokens or 0,
            "cache_write_tokens": usage.cache_write_tokens or 0,
        },
        "output_tokens": written,
        "output_tokens_details": {"reasoning_tokens": usage.reasoning_tokens or 0},
        "total_tokens": told + written,
    }


def embeddings_usage(usage: Usage) -> dict[str, int]:
    """Return the block of embeddings, which have no output."""
    tokens = usage.input_tokens or 0
    return {"prompt_tokens": tokens, "total_tokens": tokens}
