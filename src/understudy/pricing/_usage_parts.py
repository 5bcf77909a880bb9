"""Whether the counts of a call are all that it bills: steps beside them, and what stays open."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from ..providers.anthropic import anthropic_usage
from ..wire.fields import count, first_count, mapping, mappings, word
from ._model_names import akin

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ..calls import Usage
    from ..events import CallEvent

#: Steps of Anthropic's `iterations` that the top level of its usage block leaves out.
_BESIDE: Final = ("compaction", "advisor_message")
#: Input that was read from a cache, in the words of OpenAI, Google, DeepSeek and Anthropic.
_CACHED: Final = (
    "cached_tokens",
    "cachedContentTokenCount",
    "prompt_cache_hit_tokens",
    "cache_read_input_tokens",
)
_WITHIN: Final = ("message", "fallback_message")


class Step(NamedTuple):
    """One request that the provider made to answer a call; without `model` to the call's own."""

    model: str | None
    tokens: Usage


def steps_beside(raw: Mapping[str, Any]) -> tuple[Step, ...]:
    """Return the steps that are billed beside the top level, each at the price of its length."""
    steps = (each for each in mappings(raw.get("iterations")) if each.get("type") in _BESIDE)
    return tuple(Step(word(each.get("model")), anthropic_usage(each)) for each in steps)


def top_level(raw: Mapping[str, Any]) -> Usage:
    """Return Anthropic's counts without the steps beside them."""
    return anthropic_usage({**raw, "iterations": None})


def doubt_about(event: CallEvent) -> str | None:
    """Say why the counts of a call cannot be, or may not be, all that it bills."""
    raw = event.usage_raw or {}
    return next(chain(_strange_steps(event, raw), _broken_sums(event, raw)), None)


def _strange_steps(event: CallEvent, raw: Mapping[str, Any]) -> Iterator[str]:
    for step in mappings(raw.get("iterations")):
        kind, model = step.get("type"), word(step.get("model"))
        if kind == "advisor_message" and model is None:
            yield "a model that is not named did a part of it"
        elif kind in _WITHIN and model and not akin(model, event.model or model):
            yield f"{model} did a part of it"
        elif kind not in _BESIDE and kind not in _WITHIN:
            yield f"a part of it is of a kind that is not known ({kind})"


def _blocks_of_input(raw: Mapping[str, Any]) -> tuple[Mapping[str, Any], ...]:
    return (raw, *map(mapping, (raw.get("prompt_tokens_details"), raw.get("input_tokens_details"))))


def _broken_sums(event: CallEvent, raw: Mapping[str, Any]) -> Iterator[str]:
    """Find parts that are more than their whole, and a whole that is more than its parts.

    A total that is less is none: some leave reasoning or cached input out of it.
    """
    details = mapping(raw.get("completion_tokens_details") or raw.get("output_tokens_details"))
    reasoning = first_count(details, "reasoning_tokens", "thinking_tokens")
    reasoning = count(raw.get("reasoning_tokens")) if reasoning is None else reasoning
    cached = max(first_count(block, *_CACHED) or 0 for block in _blocks_of_input(raw))
    if event.input_tokens is not None and cached > event.input_tokens:
        yield "cached tokens exceed input tokens"
    output = event.output_tokens
    if output is not None and (reasoning or 0) > output:
        yield "reasoning tokens exceed output tokens"
    total = first_count(raw, "total_tokens", "totalTokens", "totalTokenCount") or 0
    known = (event.input_tokens or 0) + (output or 0)
    if total > known:
        yield f"its parts make {known} of {total} tokens in all"
