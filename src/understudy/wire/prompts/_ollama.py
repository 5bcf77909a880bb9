"""Conversations of Ollama, which are OpenAI's but for the schema."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ._openai_chat import read_openai_chat

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ...calls import Prompt


def read_ollama(body: Mapping[str, Any]) -> Prompt:
    """Read `messages`, `tools`, and the schema that `format` is; the word `json` is none."""
    wanted = body.get("format")
    return replace(read_openai_chat(body), schema=wanted if isinstance(wanted, dict) else None)
