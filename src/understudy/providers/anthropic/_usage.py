"""Anthropic's usage block, which counts cached input apart."""

from __future__ import annotations

from dataclasses import astuple
from typing import TYPE_CHECKING, Any

from ...calls import Usage
from ...wire.fields import (
    bounded,
    consistent,
    count,
    first_count,
    is_empty,
    mapping,
    mappings,
    plus,
    reported_cost,
    word,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ...wire import Draft

_INPUT = ("input_tokens", "cache_read_input_tokens", "cache_creation_input_tokens")
_COUNTS = (*_INPUT, "output_tokens")


def read_anthropic_usage(block: Any, draft: Draft) -> None:
    """Lay a usage object over the one so far; null and missing fields leave it standing.

    A stream's `message_delta` holds running totals, so nothing is ever added up.
    """
    if not isinstance(block, dict) or not block:
        return
    block, before = bounded(block), draft.usage_raw or {}
    news = _news(block, before)
    draft.usage_raw = {**block, **before, **news}
    draft.usage = anthropic_usage(draft.usage_raw)
    draft.service_tier = word(news.get("service_tier")) or draft.service_tier
    draft.reported_cost_usd = reported_cost(draft.usage_raw)


def _news(block: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a block says that was not known before.

    What is 0 says nothing beside a count that is known, unless the input was counted afresh:
    then the block may split it otherwise into fresh and cached.
    """
    if not before:
        return {name: value for name, value in block.items() if value is not None}
    told = [count(block.get(name)) for name in _INPUT]
    known = [count(before.get(name)) for name in _INPUT]
    is_afresh = any(new and new != old for new, old in zip(told, known, strict=True))
    afresh = (*_INPUT, "cache_creation") if is_afresh else ()
    return {
        name: value
        for name, value in block.items()
        if value is not None
        and (
            name in afresh
            or not _says_nothing(name, value)
            or _says_nothing(name, before.get(name))
        )
    }


def _says_nothing(name: str, value: Any) -> bool:
    return not count(value) if name in _COUNTS else is_empty(value)


def anthropic_usage(block: Mapping[str, Any]) -> Usage:
    """Normalise: input = `input_tokens` + cache reads + cache creation, compactions added.

    Of the `iterations` only those of type `compaction` stand outside the top level; another
    model's (`advisor_message`) are no tokens of this one.
    """
    parts = mappings(block.get("iterations"))
    compactions = [_counted(part) for part in parts if part.get("type") == "compaction"]
    usage = _counted(block)
    for each in compactions:
        usage = Usage(*(_sum(*pair) for pair in zip(astuple(usage), astuple(each), strict=True)))
    return consistent(usage)


def _sum(told: int | None, more: int | None) -> int | None:
    return plus(more, told) if told is None else plus(told, more)


def _counted(block: Mapping[str, Any]) -> Usage:
    read = count(block.get("cache_read_input_tokens"))
    write = count(block.get("cache_creation_input_tokens"))
    creation = mapping(block.get("cache_creation"))
    return Usage(
        input_tokens=plus(count(block.get("input_tokens")), read, write),
        output_tokens=count(block.get("output_tokens")),
        cache_read_tokens=read,
        cache_write_tokens=write,
        cache_write_1h_tokens=count(creation.get("ephemeral_1h_input_tokens")),
        reasoning_tokens=first_count(
            mapping(block.get("output_tokens_details")), "thinking_tokens", "reasoning_tokens"
        ),
    )
