"""When a budget comes near its end."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from understudy.analytics.costs import (
    Forecast,
    LoggedAlert,
    forecast,
    overage,
    period_of,
    reached,
    settle,
)
from understudy.stats import CostAlert, Spending

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
    """The key is the same all month, and another in the next, or for another budget."""
    keys = {
        reached(period_of("monthly", now, ZoneInfo("UTC")), spent_nanousd=5, budget_nanousd=budget)[
            0
        ].key
        for now in (NOW, NOW + timedelta(days=5), NOW + timedelta(days=25))
        for budget in (9, 10)
    }
    assert keys == {
        ("monthly", first, "spent", 50, budget)
        for first in (date(2026, 4, 1), date(2026, 5, 1))
        for budget in (9, 10)
    }


def predicted(budget: int, *, days: int = 10) -> Forecast:
    spending = Spending(date(2026, 4, 1), {date(2026, 4, 1 + day): 1000 for day in range(days)})
    now = datetime(2026, 4, 1 + days, 12, tzinfo=UTC)
    period = period_of("monthly", now, ZoneInfo("UTC"))
    return forecast(spending, period=period, now=now, budget_nanousd=budget)


def alert_of(budget: int = 20_000) -> CostAlert:
    found = overage(predicted(budget))
    assert found is not None
    return found


def test_a_budget_that_will_not_do_is_a_warning() -> None:
    """With what the forecast says."""
    found = alert_of()

    assert (found.kind, found.level, found.threshold) == ("predicted", "warning", 100)
    assert found.value_nanousd == predicted(20_000).predicted_nanousd
    assert found.percent == pytest.approx(100 * found.value_nanousd / 20_000)


def test_a_budget_that_will_do_is_no_overage() -> None:
    """Nor one that nobody set, nor one that a young forecast is less than 0.3 sure of."""
    assert overage(predicted(100_000)) is None
    assert overage(predicted(0)) is None
    assert overage(predicted(20_000, days=2)) is None


def test_an_overage_is_told_when_an_hour_has_confirmed_it() -> None:
    """Not at the first forecast, for one call may lift it; and never again."""
    first = settle([], [alert_of()], now=NOW)
    assert [each.raised for each in first] == [None]
    half = settle(first, [alert_of()], now=NOW + HOUR / 2)
    assert half == first
    (told,) = settle(half, [alert_of()], now=NOW + HOUR)
    assert (told.since, told.raised, told.is_active) == (NOW, NOW + HOUR, True)
    assert settle([told], [alert_of()], now=NOW + 9 * HOUR) == (told,)


def test_an_overage_that_went_away_waits_anew() -> None:
    """So two looks an hour apart say nothing where one between found none."""
    first = settle([], [alert_of()], now=NOW)
    gone = settle(first, [], now=NOW + HOUR / 2)
    (back,) = settle(gone, [alert_of()], now=NOW + HOUR)

    assert (back.since, back.raised, back.resolved) == (NOW + HOUR, None, None)


def test_a_clock_that_is_put_back_does_not_hold_an_overage_up() -> None:
    """It is waited for from then on."""
    first = settle([], [alert_of()], now=NOW + 99 * HOUR)
    back = settle(first, [alert_of()], now=NOW)
    (told,) = settle(back, [alert_of()], now=NOW + HOUR)

    assert told.raised == NOW + HOUR


def test_what_no_longer_holds_is_resolved_and_stays_told() -> None:
    """A correction may take it back, and more may be spent again."""
    alert = CostAlert(
        kind="spent",
        period="daily",
        period_start=NOW.date(),
        threshold=75,
        level="info",
        value_nanousd=80,
        budget_nanousd=100,
    )
    told = settle([], [alert], now=NOW)
    assert told == (LoggedAlert(alert, NOW, NOW),)
    (gone,) = settle(told, [], now=NOW + HOUR)
    assert (gone.raised, gone.resolved, gone.is_active) == (NOW, NOW + HOUR, False)
    assert settle([gone], [], now=NOW + 2 * HOUR) == (gone,)
    (back,) = settle([gone], [alert], now=NOW + 3 * HOUR)
    assert back == LoggedAlert(alert, NOW + 3 * HOUR, NOW)
