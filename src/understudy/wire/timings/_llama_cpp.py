"""llama.cpp: `timings`, beside the usage or, in a stream that was not asked for it, instead."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ...calls import Usage
from ..fields import count, mapping
from ._timings import Timings, milliseconds

if TYPE_CHECKING:
    from collections.abc import Mapping

_COUNTS: Final = ("cache_n", "prompt_n", "predicted_n")


def read_llama_cpp(answer: Mapping[str, Any]) -> Timings | None:
    """Read what its server tells at the end of an answer, in milliseconds.

    The time of a single token is that of a clock that was read twice: no generation.
    """
    block = mapping(answer.get("timings"))
    generated = count(block.get("predicted_n"))
    prompt, decode = (milliseconds(block.get(name)) for name in ("prompt_ms", "predicted_ms"))
    if generated is None:
        return None
    known = None if prompt is None or decode is None else prompt + decode
    return Timings(
        prompt_ms=prompt,
        decode_ms=decode if generated > 1 else None,
        together_ms=known,
        usage=_usage(block, generated),
        usage_raw={name: block[name] for name in _COUNTS if name in block},
    )


def _usage(block: Mapping[str, Any], generated: int) -> Usage:
    """Return the tokens; older servers tell only how many of the prompt were not in the cache."""
    fresh, cached = count(block.get("prompt_n")), count(block.get("cache_n"))
    total = None if fresh is None or cached is None else count(fresh + cached)
    return Usage(input_tokens=total, output_tokens=generated, cache_read_tokens=cached)
