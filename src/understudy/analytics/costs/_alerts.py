"""When somebody is told that a budget comes near its end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

if TYPE_CHECKING:
    from datetime import date, datetime

    from ._forecast import Forecast
    from ._period import Period, PeriodKind

Level: TypeAlias = Literal["info", "warning", "critical"]

#: At how many percent of a budget, and how bad that is; half a day's budget is no news.
_THRESHOLDS: Final[dict[PeriodKind, dict[int, Level]]] = {
    "daily": {75: "info", 90: "warning", 100: "critical"},
    "monthly": {50: "info", 75: "info", 90: "warning", 100: "critical"},
}
#: A forecast must say it for so long, and be so sure, before anybody is told.
_PATIENCE: Final = timedelta(hours=1)
_SURE: Final = 0.3


@dataclass(frozen=True, slots=True, kw_only=True)
class CostAlert:
    """A share of a budget that is spent, or `predicted` to be; amounts are nano-USD.

    Of each `key` there is one.
    """

    kind: Literal["spent", "predicted"]
    period: PeriodKind
    period_start: date
    threshold: int
    level: Level
    value_nanousd: int
    budget_nanousd: int

    @property
    def key(self) -> tuple[PeriodKind, date, str, int]:
        """What it is about, the same each time that it is found."""
        return (self.period, self.period_start, self.kind, self.threshold)


def reached(period: Period, *, spent_nanousd: int, budget_nanousd: int) -> tuple[CostAlert, ...]:
    """Return an alert for each threshold of the period's budget that is reached."""
    return tuple(
        CostAlert(
            kind="spent",
            period=period.kind,
            period_start=period.first,
            threshold=threshold,
            level=level,
            value_nanousd=spent_nanousd,
            budget_nanousd=budget_nanousd,
        )
        for threshold, level in _THRESHOLDS[period.kind].items()
        if 100 * spent_nanousd >= threshold * budget_nanousd
    )


def is_over(forecast: Forecast) -> bool:
    """Tell whether a forecast is sure enough that the budget will not do."""
    if forecast.confidence is None or forecast.confidence < _SURE:
        return False
    return bool(forecast.overage_percent)


def predicted_overage(
    forecast: Forecast, *, now: datetime, over_since: datetime | None
) -> CostAlert | None:
    """Return the alert of a budget that will not do, an hour after it was first found so.

    `over_since` is since when each forecast `is_over`, None where the last one was not.
    """
    predicted, budget = forecast.predicted_nanousd, forecast.budget_nanousd
    if over_since is None or predicted is None or not budget or not is_over(forecast):
        return None
    if now - over_since < _PATIENCE:
        return None
    return CostAlert(
        kind="predicted",
        period=forecast.period.kind,
        period_start=forecast.period.first,
        threshold=100,
        level="warning",
        value_nanousd=predicted,
        budget_nanousd=budget,
    )
