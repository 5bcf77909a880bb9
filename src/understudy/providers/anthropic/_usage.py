"""Anthropic's usage block, which counts cached input apart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...calls import Usage
from ...wire.fields import consistent, count, first_count, mapping, plus, reported_cost, word

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ...wire import Draft


def read_anthropic_usage(block: Any, draft: Draft) -> None:
    """Lay a usage object over the one so far; null and missing fields leave it standing.

    A stream's `message_delta` holds running totals, so nothing is ever added up.
    """
    if not isinstance(block, dict) or not block:
        return
    given = {name: value for name, value in block.items() if value is not None}
    draft.usage_raw = {**block, **draft.usage_raw, **given} if draft.usage_raw else block
    draft.usage = anthropic_usage(draft.usage_raw)
    draft.service_tier = word(given.get("service_tier")) or draft.service_tier
    draft.reported_cost_usd = reported_cost(draft.usage_raw)


def anthropic_usage(block: Mapping[str, Any]) -> Usage:
    """Normalise: input = `input_tokens` + cache reads + cache creation."""
    read = count(block.get("cache_read_input_tokens"))
    write = count(block.get("cache_creation_input_tokens"))
    creation = mapping(block.get("cache_creation"))
    return consistent(
        Usage(
            input_tokens=plus(count(block.get("input_tokens")), read, write),
            output_tokens=count(block.get("output_tokens")),
            cache_read_tokens=read,
            cache_write_tokens=write,
            cache_write_1h_tokens=count(creation.get("ephemeral_1h_input_tokens")),
            reasoning_tokens=first_count(
                mapping(block.get("output_tokens_details")), "thinking_tokens", "reasoning_tokens"
            ),
        )
    )
