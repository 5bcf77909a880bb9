"""Cohere's usage block: what was processed and what is billed, here the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ....calls import Usage


def cohere_usage(usage: Usage) -> dict[str, Any]:
    """Return `usage` of the second API; what is unknown is 0."""
    counts = {"input_tokens": usage.input_tokens or 0, "output_tokens": usage.output_tokens or 0}
    block: dict[str, Any] = {"billed_units": counts, "tokens": counts}
    if usage.cache_read_tokens is not None:
        block["cached_tokens"] = usage.cache_read_tokens
    return block


def cohere_meta(usage: Usage) -> dict[str, Any]:
    """Return `meta` of the first API."""
    return {"api_version": {"version": "1"}, **cohere_usage(usage)}


def embed_meta(usage: Usage, version: str) -> dict[str, Any]:
    """Return `meta` of embeddings, which have no output."""
    billed = {"input_tokens": usage.input_tokens or 0}
    return {"api_version": {"version": version}, "billed_units": billed}
