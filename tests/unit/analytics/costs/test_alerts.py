"""When a budget comes near its end."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from understudy.analytics.costs import (
    Forecast,
    forecast,
    is_over,
    period_of,
    predicted_overage,
    reached,
)
from understudy.stats import Spending

if TYPE_CHECKING:
    from understudy.analytics.costs import PeriodKind

NOW = datetime(2026, 4, 11, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def levels(kind: PeriodKind, spent: int) -> dict[int, str]:
    period = period_of(kind, NOW, ZoneInfo("UTC"))
    alerts = reached(period, spent_nanousd=spent, budget_nanousd=1000)
    return {alert.threshold: alert.level for alert in alerts}


@pytest.mark.parametrize(
    ("spent", "expected"),
    [
        (499, {}),
        (500, {50: "info"}),
        (750, {50: "info", 75: "info"}),
        (900, {50: "info", 75: "info", 90: "warning"}),
        (1000, {50: "info", 75: "info", 90: "warning", 100: "critical"}),
    ],
)
def test_a_month_has_four_thresholds(spent: int, expected: dict[int, str]) -> None:
    """Crossing several at once raises all."""
    assert levels("monthly", spent) == expected


def test_half_of_a_day_is_no_news() -> None:
    """A day begins at 75 percent."""
    assert levels("daily", 749) == {}
    assert levels("daily", 1000) == {75: "info", 90: "warning", 100: "critical"}


def test_an_alert_is_of_its_period() -> None:
    """The key is the same all month, and another in the next."""
    keys = {
        reached(period_of("monthly", now, ZoneInfo("UTC")), spent_nanousd=5, budget_nanousd=10)[
            0
        ].key
        for now in (NOW, NOW + timedelta(days=5), NOW + timedelta(days=25))
    }
    assert keys == {
        ("monthly", date(2026, 4, 1), "spent", 50),
        ("monthly", date(2026, 5, 1), "spent", 50),
    }


def predicted(budget: int, *, days: int = 10) -> Forecast:
    spending = Spending(date(2026, 4, 1), {date(2026, 4, 1 + day): 1000 for day in range(days)})
    now = datetime(2026, 4, 1 + days, 12, tzinfo=UTC)
    period = period_of("monthly", now, ZoneInfo("UTC"))
    return forecast(spending, period=period, now=now, budget_nanousd=budget)


def test_an_overage_is_told_when_an_hour_has_confirmed_it() -> None:
    """Not at the first forecast, for one call may lift it."""
    found = predicted(20_000)

    assert is_over(found)
    assert predicted_overage(found, now=NOW, over_since=None) is None
    assert predicted_overage(found, now=NOW, over_since=NOW - HOUR / 2) is None
    alert = predicted_overage(found, now=NOW, over_since=NOW - HOUR)
    assert alert is not None
    assert (alert.kind, alert.level, alert.threshold) == ("predicted", "warning", 100)
    assert alert.value_nanousd == found.predicted_nanousd


def test_a_budget_that_will_do_is_no_overage() -> None:
    """Nor one that nobody set."""
    assert not is_over(predicted(100_000))
    assert not is_over(predicted(0))
    assert predicted_overage(predicted(100_000), now=NOW, over_since=NOW - HOUR) is None


def test_a_young_forecast_alarms_nobody() -> None:
    """Two days are less than 0.3 sure."""
    assert not is_over(predicted(20_000, days=2))
