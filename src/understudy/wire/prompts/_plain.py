"""Requests that hold a text instead of a conversation: completions, embeddings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...calls import Message, Prompt
from ._parts import text_of

if TYPE_CHECKING:
    from collections.abc import Mapping

_TEXTS = ("prompt", "input", "inputText", "message", "texts", "content")


def read_plain(body: Mapping[str, Any]) -> Prompt:
    """Read `system` and the first field that holds the text."""
    said = next((text for name in _TEXTS if (text := text_of(body.get(name)))), "")
    system = text_of(body.get("system"))
    return Prompt(
        messages=(
            *([Message(role="system", text=system)] if system else []),
            *([Message(role="user", text=said)] if said else []),
        )
    )
