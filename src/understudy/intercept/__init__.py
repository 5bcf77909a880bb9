"""Taps: they show an observer every HTTP request of the common client libraries."""

from ._answer import Answer, AnswerChain, Answerer, NotAnsweredError, PassThrough, Reserve
from ._observer import Observation, Observer
from ._taps import ALL_TAPS, Tap, Taps
from ._threads import carry

__all__ = [
    "ALL_TAPS",
    "Answer",
    "AnswerChain",
    "Answerer",
    "NotAnsweredError",
    "Observation",
    "Observer",
    "PassThrough",
    "Reserve",
    "Tap",
    "Taps",
    "carry",
]
