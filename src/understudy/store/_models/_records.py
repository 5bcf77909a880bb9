"""What is told of model events besides the sums that analysis knows."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from datetime import datetime


class ThoughtBucket(NamedTuple):
    """The answers in a short time from `start` on, of which there are thousands in a day.

    For each model and source, in order: both, then samples, tokens and milliseconds in all.
    """

    start: datetime
    answers: list[tuple[str, str, int, int, float]]
