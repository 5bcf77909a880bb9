"""LocalAI: times in the usage block, in milliseconds, for whoever asks for them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..fields import mapping
from ._timings import Timings, milliseconds

if TYPE_CHECKING:
    from collections.abc import Mapping


def read_localai(answer: Mapping[str, Any]) -> Timings | None:
    """Read `usage`, which has times where the request carries the header `Extra-Usage`."""
    block = mapping(answer.get("usage"))
    decode = milliseconds(block.get("timing_token_generation"))
    if decode is None:
        return None
    prompt = milliseconds(block.get("timing_prompt_processing"))
    return Timings(prompt_ms=prompt, decode_ms=decode)
