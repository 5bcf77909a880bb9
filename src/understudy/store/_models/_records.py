"""What is told of model events besides the sums that analysis knows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from ...stats import TokenSums


@dataclass(frozen=True, slots=True)
class ThoughtBucket:
    """Answers of one model by one source in a short time from `start` on; without logarithms."""

    start: datetime
    component: str
    source: str
    sums: TokenSums
