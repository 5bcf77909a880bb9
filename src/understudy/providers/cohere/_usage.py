"""What all of Cohere's APIs share: where they are spoken, and the usage block."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...calls import Usage
from ...wire.counts import consistent, count
from ...wire.fields import mapping

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ...wire import Draft, Target


def speaks_cohere(target: Target) -> bool:
    """Tell whether Cohere answers there, itself or behind a gateway that names it."""
    return target.provider == "cohere" or "/cohere/" in target.path


def read_cohere_usage(block: Any, draft: Draft) -> None:
    """Set the draft's usage from `usage` (v2) or `meta` (v1); anything else changes nothing."""
    if isinstance(block, dict) and ("tokens" in block or "billed_units" in block):
        draft.usage_raw = block
        draft.usage = cohere_usage(block)


def cohere_usage(block: Mapping[str, Any]) -> Usage:
    """Take `tokens`; `billed_units`, which set the cost, only where there are no tokens."""
    tokens = mapping(block.get("tokens")) or mapping(block.get("billed_units"))
    return consistent(
        Usage(
            input_tokens=count(tokens.get("input_tokens")),
            output_tokens=count(tokens.get("output_tokens")),
            cache_read_tokens=count(block.get("cached_tokens")),
        )
    )
