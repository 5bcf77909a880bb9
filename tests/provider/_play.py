"""How an answer is given: asked for in the name of the model, so that every SDK can ask."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from typing import Any


@dataclass(frozen=True, slots=True)
class Play:
    """The manner of one answer; `gpt.cut-2.gap-10` asks for `cut=2` and `gap=10`.

    Times are in milliseconds. Steps count the pieces of a stream, or 0 for a whole answer.
    """

    chunks: int = 4
    """How many pieces of content there are."""
    head: int = 0
    """Time before the status line."""
    first: int = 0
    """Time between the headers and the first piece."""
    gap: int = 0
    """Time between two pieces."""
    enc: str = ""
    """Content encoding: gzip, deflate, br or zstd."""
    cut: int = -1
    """The connection breaks after this many steps."""
    hang: int = -1
    """Nothing more comes after this many steps."""
    mute: int = 0
    """1: not even the headers come."""
    status: int = 200
    """The status, with an error for a body where it is not 200."""
    busy: int = 0
    """How many answers to this model name are 429 before one is not."""

    @classmethod
    def of(cls, model: str) -> Play:
        """Read the manner out of a model name."""
        wishes: dict[str, Any] = {}
        for field in fields(cls):
            asked = re.search(rf"\.{field.name}-(\w+)", model)
            if asked:
                wishes[field.name] = asked[1] if field.name == "enc" else int(asked[1])
        return cls(**wishes)
