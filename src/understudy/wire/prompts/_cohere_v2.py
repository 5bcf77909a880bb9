"""Conversations of Cohere's second API, which are OpenAI's but for the schema."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from .._json import mapping
from ._openai_chat import read_openai_chat

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ...calls import Prompt


def read_cohere_v2(body: Mapping[str, Any]) -> Prompt:
    """Read `messages`, `tools`, and the schema itself under `response_format`."""
    form = mapping(body.get("response_format"))
    wanted = form.get("json_schema") or form.get("schema")
    return replace(read_openai_chat(body), schema=wanted if isinstance(wanted, dict) else None)
