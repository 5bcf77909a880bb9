"""Groq and Cerebras: times in seconds, Groq's in the usage block."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ..fields import mapping
from ._timings import Timings, milliseconds

if TYPE_CHECKING:
    from collections.abc import Mapping

_SECOND: Final = 1000.0


def read_groq(answer: Mapping[str, Any]) -> Timings | None:
    """Read `usage`, which a stream has in `x_groq` as well."""
    usage = answer.get("usage") or mapping(answer.get("x_groq")).get("usage")
    return _times(mapping(usage))


def read_cerebras(answer: Mapping[str, Any]) -> Timings | None:
    """Read `time_info`, which has the same names."""
    return _times(mapping(answer.get("time_info")))


def _times(block: Mapping[str, Any]) -> Timings | None:
    decode = milliseconds(block.get("completion_time"), _SECOND)
    if decode is None:
        return None
    return Timings(
        queue_ms=milliseconds(block.get("queue_time"), _SECOND),
        prompt_ms=milliseconds(block.get("prompt_time"), _SECOND),
        decode_ms=decode,
    )
