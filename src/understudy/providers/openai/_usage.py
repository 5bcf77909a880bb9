"""The usage block of OpenAI's wire APIs, in all the dialects that speak them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ...calls import Operation, Usage
from ...wire.fields import consistent, count, first_count, known_sum, mapping, plus, reported_cost

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ...wire import Draft

# Gemini, over OpenAI's wire, counts its thoughts in the total alone, also behind gateways.
_HIDE_THOUGHTS = frozenset({"google", "vertex"})
_HIDING_MODEL = "gemini"
# Their totals leave reasoning out, too: Perplexity and Vercel's gateway; of other APIs than chat
# that is known only where it could not be inside.
_REASON_OUTSIDE = frozenset({"perplexity", "vercel"})
_ANSWERS = (Operation.CHAT, Operation.TEXT_COMPLETION, Operation.GENERATE_CONTENT)


def read_openai_usage(block: Any, draft: Draft) -> None:
    """Take usage and cost from a usage object; anything else changes nothing."""
    if not isinstance(block, dict) or not block:
        return
    models = f"{draft.request_model} {draft.response_model}"
    has_output = draft.operation in _ANSWERS
    usage = openai_usage(block, draft.provider, models=models, has_output=has_output)
    draft.take_usage(usage, block)
    draft.reported_cost_usd = reported_cost(draft.usage_raw or {})


def openai_usage(
    block: Mapping[str, Any],
    provider: str = "",
    *,
    models: str = "",
    has_output: bool = False,
) -> Usage:
    """Normalise a usage block of chat completions, completions, Responses or embeddings.

    Input and output include everything already, but for what stands outside by the
    block's own total: reasoning (xAI's chat), audio input (Mistral), cached input
    (gateways to Anthropic), hidden thoughts (Gemini). Without a total, more reasoning than
    output must stand outside; some providers' does although their total leaves it out.
    `models` are the names asked for and told. Where nothing is written (not `has_output`), the
    total alone is the input.
    """
    usage = _as_listed(block)
    if usage.input_tokens is None and usage.output_tokens is None and not has_output:
        usage = replace(usage, input_tokens=count(block.get("total_tokens")))
    reasoning, output = usage.reasoning_tokens or 0, usage.output_tokens or 0
    total, counted = count(block.get("total_tokens")), known_sum(usage.input_tokens, output)
    if total is not None and counted is not None and total > counted:
        hides_thoughts = provider in _HIDE_THOUGHTS or _HIDING_MODEL in models.lower()
        usage = _with_outside(usage, block, total - counted, hides_thoughts=hides_thoughts)
    elif (reasoning > output or "completion_tokens" in block) and (
        provider in _REASON_OUTSIDE or (not total and reasoning > output)
    ):
        usage = _plus(usage, output=reasoning)
    return consistent(usage)


def _with_outside(
    usage: Usage, block: Mapping[str, Any], missing: int, *, hides_thoughts: bool
) -> Usage:
    reasoning = usage.reasoning_tokens or 0
    audio = first_count(mapping(block.get("prompt_tokens_details")), "audio_tokens") or 0
    cached = (usage.cache_read_tokens or 0) + (usage.cache_write_tokens or 0)
    for more_input, more_output in ((0, reasoning), (audio, 0), (audio, reasoning), (cached, 0)):
        if more_input + more_output == missing:
            return _plus(usage, input_=more_input, output=more_output)
    if hides_thoughts and not reasoning and usage.input_tokens is not None:
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
    reasoning = first_count(output_details, "reasoning_tokens")
    return Usage(
        input_tokens=first_count(block, "prompt_tokens", "input_tokens"),
        output_tokens=first_count(block, "completion_tokens", "output_tokens"),
        cache_read_tokens=_cache_read(details, block),
        cache_write_tokens=_cache_write(details, block),
        reasoning_tokens=(
            first_count(block, "reasoning_tokens") if reasoning is None else reasoning
        ),
    )


def _cache_read(details: Mapping[str, Any], block: Mapping[str, Any]) -> int | None:
    """Return the cache reads: OpenAI's name, DeepSeek's, Together's, Anthropic's."""
    listed = first_count(details, "cached_tokens")
    names = ("prompt_cache_hit_tokens", "cached_tokens", "cache_read_input_tokens")
    return first_count(block, *names) if listed is None else listed


def _cache_write(details: Mapping[str, Any], block: Mapping[str, Any]) -> int | None:
    """Return the cache writes: OpenAI's name, LiteLLM's, Anthropic's."""
    listed = first_count(details, "cache_write_tokens", "cache_creation_tokens")
    return first_count(block, "cache_creation_input_tokens") if listed is None else listed
