"""What calls that were paid for came to, in nano-USD (1e-9 USD)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date


@dataclass(frozen=True, slots=True)
class Spending:
    """What was paid for on each calendar day of a zone.

    `since` is the first day that anything was recorded on, None where nothing ever was; a day from
    then on that is not in `by_day` cost nothing. Corrections may be negative. The cost of
    `unpriced` attempts is unknown and in no sum.
    """

    since: date | None
    by_day: Mapping[date, int]
    unpriced: int = 0

    def of(self, days: Sequence[date]) -> list[int]:
        """Return the cost of each of the days."""
        return [self.by_day.get(day, 0) for day in days]


@dataclass(frozen=True, slots=True)
class SpendTotals:
    """What was paid for in a window: the cost of the priced, None where no attempt told.

    `requests` are calls, however many attempts each took.
    """

    spend: int | None
    requests: int
    tokens: int | None
    unpriced: int = 0
