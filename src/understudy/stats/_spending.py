"""What calls that were paid for came to, in nano-USD (1e-9 USD)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

PeriodKind: TypeAlias = Literal["daily", "monthly"]
AlertLevel: TypeAlias = Literal["info", "warning", "critical"]
AlertKey: TypeAlias = "tuple[PeriodKind, date, str, int, int]"


@dataclass(frozen=True, slots=True)
class Spending:
    """What was paid for on each calendar day of a zone.

    `since` is the first day that anything was recorded on, None where nothing ever was; a day from
    then on that is not in `by_day` cost nothing. Corrections may be negative. The cost of as many
    attempts as `unpriced` says is unknown and in no sum.
    """

    since: date | None
    by_day: Mapping[date, int]
    unpriced: Mapping[date, int] = field(default_factory=dict)

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


@dataclass(frozen=True, slots=True, kw_only=True)
class CostAlert:
    """A share of a budget that is spent, or `predicted` to be; amounts are nano-USD.

    `threshold` is in percent of the budget. Of each `key` there is one: another budget for the
    same period is another one's.
    """

    kind: Literal["spent", "predicted"]
    period: PeriodKind
    period_start: date
    threshold: int
    level: AlertLevel
    value_nanousd: int
    budget_nanousd: int

    @property
    def key(self) -> AlertKey:
        """What it is about, the same each time that it is found."""
        return (self.period, self.period_start, self.kind, self.threshold, self.budget_nanousd)

    @property
    def percent(self) -> float:
        """How much of the budget is spent or will be, in percent."""
        return 100 * self.value_nanousd / self.budget_nanousd


@dataclass(frozen=True, slots=True)
class LoggedAlert:
    """What became of an alert: `since` when each look has found it so.

    `raised` is when hooks were told, None before; `resolved` when a look no longer found it, None
    while it holds.
    """

    alert: CostAlert
    since: datetime
    raised: datetime | None = None
    resolved: datetime | None = None

    @property
    def is_active(self) -> bool:
        """Whether somebody was told, and it still holds."""
        return self.raised is not None and self.resolved is None
