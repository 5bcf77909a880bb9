"""Taps: they show an observer every HTTP request of the common client libraries."""

from __future__ import annotations

from ._attempt import NotAnsweredError
from ._protocol import Answer, Answerer, Observation, Observer, PassThrough, Tap
from ._taps import ALL_TAPS, Taps
from ._threads import Carrier, carry

__all__ = [
    "ALL_TAPS",
    "Answer",
    "Answerer",
    "Carrier",
    "NotAnsweredError",
    "Observation",
    "Observer",
    "PassThrough",
    "Tap",
    "Taps",
    "carry",
]
