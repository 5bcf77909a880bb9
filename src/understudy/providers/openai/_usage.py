"""The usage block of OpenAI's wire APIs, in all the dialects that speak them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ...calls import Usage
from ...wire.fields import consistent, count, first_count, known_sum, mapping, plus, reported_cost

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ...wire import Draft

# Gemini, over OpenAI's wire, counts its thoughts in the total alone.
_HIDE_THOUGHTS = frozenset({"google", "vertex"})
_REASON_OUTSIDE = frozenset({"perplexity"})


def read_openai_usage(block: Any, draft: Draft) -> None:
    """Set the draft's usage and cost from a usage object; anything else changes nothing."""
    if isinstance(block, dict) and block:
        draft.usage_raw = block
        draft.usage = openai_usage(block, draft.provider)
        draft.reported_cost_usd = reported_cost(block)


def openai_usage(block: Mapping[str, Any], provider: str = "") -> Usage:
    """Normalise a usage block of chat completions, completions, Responses or embeddings.

    Input and output include everything already, but for what stands outside by the
    block's own total: reasoning (xAI's chat), audio input (Mistral), cached input
    (gateways to Anthropic), hidden thoughts (Gemini). Without a total, more reasoning than
    output must stand outside; Perplexity's does although its total leaves it out.
    """
    usage = _as_listed(block)
    reasoning, output = usage.reasoning_tokens or 0, usage.output_tokens or 0
    total, counted = count(block.get("total_tokens")), known_sum(usage.input_tokens, output)
    if provider in _REASON_OUTSIDE or (total is None and reasoning > output):
        usage = _plus(usage, output=reasoning)
    elif total is not None and counted is not None and total > counted:
        usage = _with_outside(usage, block, total - counted, provider)
    return consistent(usage)


def _with_outside(usage: Usage, block: Mapping[str, Any], missing: int, provider: str) -> Usage:
    reasoning = usage.reasoning_tokens or 0
    audio = first_count(mapping(block.get("prompt_tokens_details")), "audio_tokens") or 0
    cached = (usage.cache_read_tokens or 0) + (usage.cache_write_tokens or 0)
    for more_input, more_output in ((0, reasoning), (audio, 0), (audio, reasoning), (cached, 0)):
        if more_input + more_output == missing:
            return _plus(usage, input_=more_input, output=more_output)
    if provider in _HIDE_THOUGHTS and not reasoning:
        output = (usage.output_tokens or 0) + missing
        return replace(usage, output_tokens=output, reasoning_tokens=missing)
    return usage


def _plus(usage: Usage, *, input_: int = 0, output: int = 0) -> Usage:
    return replace(
        usage,
        input_tokens=plus(usage.input_tokens, input_),
        output_tokens=plus(usage.output_tokens, output),
    )


def _as_listed(block: Mapping[str, Any]) -> Usage:
    get = block.get
    details = mapping(
        get("prompt_tokens_details") or get("input_tokens_details") or get("prompt_token_details")
    )
    output_details = mapping(get("completion_tokens_details") or get("output_tokens_details"))
    output = first_count(block, "completion_tokens", "output_tokens")
    reasoning = first_count(output_details, "reasoning_tokens")
    return Usage(
        input_tokens=_input(block, output),
        output_tokens=output,
        cache_read_tokens=_cache_read(details, block),
        cache_write_tokens=_cache_write(details, block),
        reasoning_tokens=(
            first_count(block, "reasoning_tokens") if reasoning is None else reasoning
        ),
    )


def _input(block: Mapping[str, Any], output: int | None) -> int | None:
    """Return the input; Voyage's and Jina's embeddings and reranks list the total alone."""
    listed = first_count(block, "prompt_tokens", "input_tokens")
    return count(block.get("total_tokens")) if listed is None and output is None else listed


def _cache_read(details: Mapping[str, Any], block: Mapping[str, Any]) -> int | None:
    """Return the cache reads: OpenAI's name, DeepSeek's, Together's, Anthropic's."""
    listed = first_count(details, "cached_tokens")
    names = ("prompt_cache_hit_tokens", "cached_tokens", "cache_read_input_tokens")
    return first_count(block, *names) if listed is None else listed


def _cache_write(details: Mapping[str, Any], block: Mapping[str, Any]) -> int | None:
    """Return the cache writes: OpenAI's name, LiteLLM's, Anthropic's."""
    listed = first_count(details, "cache_write_tokens", "cache_creation_tokens")
    return first_count(block, "cache_creation_input_tokens") if listed is None else listed
