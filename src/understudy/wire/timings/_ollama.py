"""Ollama's own API: durations on the last line, in nanoseconds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ._timings import Timings, milliseconds

if TYPE_CHECKING:
    from collections.abc import Mapping

_NANOSECOND: Final = 1e-6


def read_ollama(answer: Mapping[str, Any]) -> Timings | None:
    """Read the durations; one that is left out is 0 or unknown.

    `load_duration` lasts from the request to a runner that is ready, so a resident model has one,
    too. What answers elsewhere (`remote_host`) loads nothing here, and an `unload` no model at all;
    an empty prompt does nothing but `load`.
    """
    reason, is_here = answer.get("done_reason"), not answer.get("remote_host")
    if reason == "unload":
        return None
    load = _duration(answer, "load_duration")
    prompt, decode = _duration(answer, "prompt_eval_duration"), _duration(answer, "eval_duration")
    return Timings(
        load_ms=load if is_here else None,
        only_readies=is_here and reason == "load",
        prompt_ms=prompt,
        decode_ms=decode,
        together_ms=None if prompt and decode else _rest(_duration(answer, "total_duration"), load),
    )


def _duration(answer: Mapping[str, Any], name: str) -> float | None:
    return milliseconds(answer.get(name), _NANOSECOND)


def _rest(total: float | None, load: float | None) -> float | None:
    """Return what is left of the whole without the load."""
    if total is None or load is None or total < load:
        return None
    return total - load
