"""What is told of model events besides the sums that analysis knows."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from datetime import datetime


class ThoughtBucket(NamedTuple):
    """The `samples` answers of one model by one source in a short time from `start` on."""

    start: datetime
    component: str
    source: str
    samples: int
    tokens: int
    ms: float
