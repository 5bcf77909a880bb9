"""LM Studio's own APIs: `stats`, in seconds, and how long a model took to load."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ..fields import count, mapping
from ._timings import Timings, milliseconds

if TYPE_CHECKING:
    from collections.abc import Mapping

_SECOND: Final = 1000.0
_LOADED: Final = ("model_load_time_seconds", "load_time_seconds")
_FIRST: Final = ("time_to_first_token_seconds", "time_to_first_token")


def read_lm_studio(answer: Mapping[str, Any]) -> Timings | None:
    """Read an answer, the one that a stream ends with, or the end of a load within a stream.

    A load is told only where the model was not there already.
    """
    answer = mapping(answer.get("result")) or answer
    stats = mapping(answer.get("stats"))
    load, prompt = _seconds({**answer, **stats}, *_LOADED), _seconds(stats, *_FIRST)
    decode = _generation(stats)
    if load is None and prompt is None and decode is None:
        return None
    return Timings(load_ms=load or None, is_load=bool(load), prompt_ms=prompt, decode_ms=decode)


def _generation(stats: Mapping[str, Any]) -> float | None:
    """Return how long the tokens took; the newer API tells only how many came in a second."""
    told = _seconds(stats, "generation_time")
    tokens = count(stats.get("total_output_tokens"))
    rate = _seconds(stats, "tokens_per_second")
    if told is not None or not tokens or not rate:
        return told
    return milliseconds(tokens * _SECOND / (rate / _SECOND))


def _seconds(block: Mapping[str, Any], *names: str) -> float | None:
    found = (milliseconds(block.get(name), _SECOND) for name in names)
    return next((each for each in found if each is not None), None)
