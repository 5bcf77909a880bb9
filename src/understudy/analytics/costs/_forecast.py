"""What a period will have cost at its end, and how sure that is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction
from math import sqrt
from statistics import stdev
from typing import TYPE_CHECKING, Final

from ._period import local_day

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from ...stats import Spending
    from ._period import Period

#: How many days make the average, where there are as many.
HISTORY_DAYS: Final = 28
#: Half the width of an interval that holds 80 % of a normal distribution, in standard deviations.
_EIGHTY_PERCENT: Final = 1.28
#: After so many days the amount of data lowers the confidence no more.
_WEEK: Final = 7
_HOUR: Final = Fraction(1, 24)


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """The end of a period, as it looks at one moment; amounts are nano-USD.

    Of `unpriced` attempts of the period nobody knows the cost: they are in no amount. About 8 of 10
    periods end within `margin_nanousd` of the prediction. What is None is unknown, and `reason`
    says why.
    """

    period: Period
    spent_nanousd: int | None
    unpriced: int
    daily_average_nanousd: int | None
    days_elapsed: float
    days_left: float
    predicted_nanousd: int | None
    margin_nanousd: int | None
    confidence: float | None
    budget_nanousd: int | None
    overage_percent: float | None
    reason: str | None


def forecast(
    spending: Spending, *, period: Period, now: datetime, budget_nanousd: int | None = None
) -> Forecast:
    """Predict the end of `period`: `spent + daily_average * days_left`.

    The average is that of the last 28 complete days, or of as many as were recorded, at least
    those of the period; before a first day was recorded ahead of the period, what was spent in it
    over the days elapsed, of which an hour counts at least.
    """
    elapsed = period.days_elapsed(now)
    left = period.days - elapsed
    past = _past_days(spending, period, now)
    spent = _spent(spending, period, now)
    average = None if spent is None else _average(spending, period, past, spent, elapsed)
    predicted = None if spent is None or average is None else spent + round(average * left)
    deviation = _deviation(spending.of(past), float(left))
    return Forecast(
        period=period,
        spent_nanousd=spent,
        unpriced=sum(spending.unpriced.get(day, 0) for day in _days(period, now)),
        daily_average_nanousd=None if average is None else round(average),
        days_elapsed=float(elapsed),
        days_left=float(left),
        predicted_nanousd=predicted,
        margin_nanousd=None if deviation is None else round(_EIGHTY_PERCENT * deviation),
        confidence=None if predicted is None else _confidence(predicted, deviation, len(past)),
        budget_nanousd=budget_nanousd,
        overage_percent=_overage(predicted, budget_nanousd),
        reason=_reason(predicted, deviation, budget_nanousd),
    )


def _past_days(spending: Spending, period: Period, now: datetime) -> list[date]:
    """Return the complete days that the average is made of."""
    if spending.since is None:
        return []
    today = local_day(now, period.zone)
    begin = max(spending.since, min(today - timedelta(days=HISTORY_DAYS), period.first))
    return [begin + timedelta(days=each) for each in range((today - begin).days)]


def _spent(spending: Spending, period: Period, now: datetime) -> int | None:
    if spending.since is None:
        return None
    return sum(spending.of(_days(period, now)))


def _days(period: Period, now: datetime) -> list[date]:
    """Return the days of the period up to `now`."""
    today = min(local_day(now, period.zone), period.after - timedelta(days=1))
    return [period.first + timedelta(days=each) for each in range((today - period.first).days + 1)]


def _average(
    spending: Spending, period: Period, past: Sequence[date], spent: int, elapsed: Fraction
) -> Fraction:
    is_older = spending.since is not None and spending.since < period.first
    if is_older and past:
        return Fraction(sum(spending.of(past)), len(past))
    return spent / max(elapsed, _HOUR)


def _deviation(past: Sequence[int], left: float) -> float | None:
    """Return the standard deviation of what is still to be spent; None for less than two days."""
    if len(past) < 2:  # noqa: PLR2004 - of one figure there is none
        return None
    return stdev(past) * sqrt(left + left**2 / len(past))


def _confidence(predicted: int, deviation: float | None, days: int) -> float:
    """Return from 0 to 1 how narrow the margin is, less where there are few days."""
    if deviation is None:
        return 0.0
    if deviation == 0:
        width = 0.0
    else:
        width = 1.0 if predicted <= 0 else _EIGHTY_PERCENT * deviation / predicted
    return max(0.0, 1 - width) * min(1.0, days / _WEEK)


def _overage(predicted: int | None, budget: int | None) -> float | None:
    if predicted is None or not budget:
        return None
    return 100 * max(0, predicted - budget) / budget


def _reason(predicted: int | None, deviation: float | None, budget: int | None) -> str | None:
    if predicted is None:
        return "nothing was recorded"
    if deviation is None:
        return "less than two complete days were recorded"
    return "no budget is set" if not budget else None
