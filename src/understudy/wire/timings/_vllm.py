"""vLLM: `metrics`, in milliseconds, where its server is told to tell them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..fields import mapping
from ._timings import Timings, milliseconds

if TYPE_CHECKING:
    from collections.abc import Mapping


def read_vllm(answer: Mapping[str, Any]) -> Timings | None:
    """Read `metrics`, which its server tells with `--enable-per-request-metrics`.

    The first token counts from when the request was scheduled, the generation from the first
    token. Of several choices it tells neither.
    """
    block = mapping(answer.get("metrics"))
    decode = milliseconds(block.get("generation_time_ms"))
    if decode is None:
        return None
    return Timings(
        queue_ms=milliseconds(block.get("queue_time_ms")),
        prompt_ms=milliseconds(block.get("time_to_first_token_ms")),
        decode_ms=decode,
    )
