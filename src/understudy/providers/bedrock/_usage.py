"""The usage block of Bedrock's own models and of Converse, which counts cached input apart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...calls import Usage
from ...wire.counts import consistent, count, first_count, known_sum, plus
from ...wire.fields import mappings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ...wire import Draft


def read_bedrock_usage(block: Any, draft: Draft) -> None:
    """Set the draft's usage from a `usage` object; anything else changes nothing."""
    if isinstance(block, dict) and block:
        draft.usage_raw = block
        draft.usage = bedrock_usage(block)


def bedrock_usage(block: Mapping[str, Any]) -> Usage:
    """Normalise: input = `inputTokens` + cache reads + cache writes."""
    read = first_count(block, "cacheReadInputTokens", "cacheReadInputTokenCount")
    write = first_count(block, "cacheWriteInputTokens", "cacheWriteInputTokenCount")
    return consistent(
        Usage(
            input_tokens=plus(first_count(block, "inputTokens", "inputTokenCount"), read, write),
            output_tokens=first_count(block, "outputTokens", "outputTokenCount"),
            cache_read_tokens=read,
            cache_write_tokens=write,
            cache_write_1h_tokens=_kept_an_hour(block),
        )
    )


def _kept_an_hour(block: Mapping[str, Any]) -> int | None:
    details = mappings(block.get("cacheDetails"))
    return known_sum(*(count(one.get("inputTokens")) for one in details if one.get("ttl") == "1h"))
