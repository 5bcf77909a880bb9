"""When somebody is told that a budget comes near its end."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from ...stats import AlertLevel, CostAlert, LoggedAlert, PeriodKind

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from ._forecast import Forecast
    from ._period import Period

#: At how many percent of a budget, and how bad that is; half a day's budget is no news.
_THRESHOLDS: Final[dict[PeriodKind, dict[int, AlertLevel]]] = {
    "daily": {75: "info", 90: "warning", 100: "critical"},
    "monthly": {50: "info", 75: "info", 90: "warning", 100: "critical"},
}
#: How long it is found so before anybody is told, and how sure a forecast must be.
_PATIENCE: Final = {"spent": timedelta(), "predicted": timedelta(hours=1)}
_SURE: Final = 0.3


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


def overage(forecast: Forecast) -> CostAlert | None:
    """Return the alert of a budget that will not do, where the forecast is sure enough of that."""
    predicted, budget = forecast.predicted_nanousd, forecast.budget_nanousd
    if forecast.confidence is None or forecast.confidence < _SURE or not forecast.overage_percent:
        return None
    assert predicted is not None
    assert budget is not None
    return CostAlert(
        kind="predicted",
        period=forecast.period.kind,
        period_start=forecast.period.first,
        threshold=100,
        level="warning",
        value_nanousd=predicted,
        budget_nanousd=budget,
    )


def settle(
    logged: Iterable[LoggedAlert], found: Iterable[CostAlert], *, now: datetime
) -> tuple[LoggedAlert, ...]:
    """Return what becomes of the alerts of a budget, those that were `logged` and those `found`.

    What is found is raised once, a predicted overage when each look of an hour found it. What is
    no longer found is resolved; found again, it holds again, and nobody is told a second time.
    """
    known = {each.alert.key: each for each in logged}
    there = {alert.key: _found(known.get(alert.key), alert, now) for alert in found}
    gone = (each for key, each in known.items() if key not in there)
    ended = (each if each.resolved else replace(each, resolved=now) for each in gone)
    return (*there.values(), *ended)


def _found(known: LoggedAlert | None, alert: CostAlert, now: datetime) -> LoggedAlert:
    if known is None:
        known = LoggedAlert(alert, now)
    elif known.resolved is not None:
        known = replace(known, since=now, resolved=None)
    # A clock that was put back would let it wait for the time that it had been ahead.
    since = min(known.since, now)
    if known.raised is None and now - since >= _PATIENCE[alert.kind]:
        return LoggedAlert(alert, since, raised=now)
    return replace(known, since=since)
