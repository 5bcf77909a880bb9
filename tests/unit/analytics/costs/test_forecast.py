"""What a month will have cost."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.analytics.costs import Forecast, forecast, local_day, period_of
from understudy.stats import Spending

UTC_ZONE = ZoneInfo("UTC")
USD = 10**9
NOON = datetime(2026, 4, 11, 12, tzinfo=UTC)  # 10.5 of 30 days are over


def predict(
    by_day: dict[date, int],
    *,
    now: datetime = NOON,
    since: date | None = date(2026, 4, 1),
    budget: int | None = None,
) -> Forecast:
    period = period_of("monthly", now, UTC_ZONE)
    return forecast(Spending(since, by_day), period=period, now=now, budget_nanousd=budget)


def april(*amounts: int) -> dict[date, int]:
    return {date(2026, 4, 1 + day): amount for day, amount in enumerate(amounts)}


def test_without_history_the_days_of_the_period_are_the_average() -> None:
    """`spent + spent / days_elapsed * days_left`."""
    found = predict(april(*[21 * USD] * 10))

    assert found.spent_nanousd == 210 * USD
    assert found.daily_average_nanousd == 20 * USD
    assert found.days_elapsed == 10.5
    assert found.predicted_nanousd == 210 * USD + 390 * USD


def test_with_history_the_last_28_days_are_the_average() -> None:
    """Those before the period too, today not, for it is not over."""
    march = {date(2026, 3, 14) + timedelta(days=each): 2 * USD for each in range(18)}
    found = predict({**march, **april(*[9 * USD] * 11)}, since=date(2026, 1, 1))

    assert found.daily_average_nanousd == (18 * 2 + 10 * 9) * USD // 28
    assert found.predicted_nanousd == 99 * USD + round((18 * 2 + 10 * 9) * USD / 28 * 19.5)


def test_a_young_history_is_taken_as_far_as_it_goes() -> None:
    """Two days of March and ten of April make twelve."""
    found = predict({date(2026, 3, 30): 6 * USD}, since=date(2026, 3, 30))
    assert found.daily_average_nanousd == USD // 2


def test_nothing_recorded_is_not_nothing_spent() -> None:
    """Every figure is unknown, and the reason said."""
    found = predict({}, since=None, budget=USD)

    assert found.spent_nanousd is None
    assert found.predicted_nanousd is None
    assert found.confidence is None
    assert found.overage_percent is None
    assert found.reason == "nothing was recorded"


def test_recorded_days_without_cost_cost_nothing() -> None:
    """Zero is known then."""
    found = predict({}, budget=USD)
    assert (found.spent_nanousd, found.predicted_nanousd, found.overage_percent) == (0, 0, 0)


@pytest.mark.parametrize(
    ("budget", "percent"), [(400 * USD, 50.0), (600 * USD, 0.0), (900 * USD, 0.0), (0, None)]
)
def test_the_overage_is_in_percent_of_the_budget(budget: int, percent: float | None) -> None:
    """Never less than 0, and unknown without a budget."""
    assert predict(april(*[21 * USD] * 10), budget=budget).overage_percent == percent


def test_an_even_history_is_sure_after_a_week() -> None:
    """Less where there are fewer days; nothing varies, so nothing else lowers it."""
    assert predict(april(*[USD] * 10)).confidence == 1.0
    young = predict(april(*[USD] * 3), now=datetime(2026, 4, 4, tzinfo=UTC))
    assert young.confidence == pytest.approx(3 / 7)


def test_a_history_that_varies_more_is_less_sure() -> None:
    """The margin grows and the confidence falls."""
    steady, wild = predict(april(*[9, 11] * 5)), predict(april(*[0, 20] * 5))

    assert steady.confidence is not None
    assert wild.confidence is not None
    assert steady.confidence > wild.confidence
    assert (steady.margin_nanousd or 0) < (wild.margin_nanousd or 0)


def test_less_than_two_days_are_not_sure_at_all() -> None:
    """There is no spread of one figure."""
    found = predict({}, now=datetime(2026, 4, 2, 6, tzinfo=UTC))

    assert found.confidence == 0.0
    assert found.margin_nanousd is None
    assert found.reason == "less than two complete days were recorded"


amounts = st.integers(-10 * USD, 10**6 * USD)
zones = st.sampled_from(["UTC", "Europe/Berlin", "America/Santiago", "Pacific/Apia"])
moments = st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@given(now=moments, zone=zones, days=st.lists(amounts, max_size=70), age=st.integers(0, 70))
def test_at_the_last_instant_the_forecast_is_what_was_spent(
    now: datetime, zone: str, days: list[int], age: int
) -> None:
    """In any zone, with any history, corrections too."""
    period = period_of("monthly", now, ZoneInfo(zone))
    today = local_day(period.end, period.zone)
    by_day = {today - timedelta(days=back): amount for back, amount in enumerate(days)}
    spending = Spending(today - timedelta(days=age), by_day)

    found = forecast(spending, period=period, now=period.end)

    assert found.spent_nanousd == sum(
        amount for day, amount in by_day.items() if period.first <= day < period.after
    )
    assert found.predicted_nanousd == found.spent_nanousd


@given(now=moments, zone=zones, days=st.lists(st.integers(0, 10**6 * USD), max_size=70))
def test_what_was_spent_is_a_lower_bound(now: datetime, zone: str, days: list[int]) -> None:
    """At any moment: nothing is negative, nothing divides by zero, the confidence is a share."""
    period = period_of("monthly", now, ZoneInfo(zone))
    today = local_day(now, period.zone)
    by_day = {today - timedelta(days=back): amount for back, amount in enumerate(days)}
    spending = Spending(min(by_day, default=None), by_day)

    found = forecast(spending, period=period, now=now, budget_nanousd=USD)

    if found.predicted_nanousd is None:
        assert not days
    else:
        assert found.spent_nanousd is not None
        assert found.predicted_nanousd >= found.spent_nanousd >= 0
        assert found.confidence is not None
        assert 0 <= found.confidence <= 1
        assert (found.overage_percent or 0) >= 0
