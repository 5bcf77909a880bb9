"""text-generation-inference: headers of an answer in one piece."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..fields import count
from ._timings import Timings, milliseconds

if TYPE_CHECKING:
    from collections.abc import Mapping


def read_tgi(headers: Mapping[str, str]) -> Timings | None:
    """Read the headers of an answer in one piece: whole milliseconds, so that 0 says nothing."""
    together = milliseconds(count(headers.get("x-inference-time")))
    if not together:
        return None
    return Timings(together_ms=together, queue_ms=milliseconds(count(headers.get("x-queue-time"))))
