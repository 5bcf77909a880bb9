"""This hour, day and week against those before."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from understudy.analytics.costs import Trend, trends_of
from understudy.stats import SpendTotals

NOW = datetime(2026, 4, 11, 12, tzinfo=UTC)
LONG_AGO = NOW - timedelta(days=90)


def spend(
    current: SpendTotals,
    before: SpendTotals,
    *,
    since: datetime | None = LONG_AGO,
    window: str = "24h",
) -> Trend:
    def totals(begin: datetime, end: datetime) -> SpendTotals:
        assert begin < end
        return current if end == NOW else before

    trends = trends_of(totals, now=NOW, since=since)
    assert len(trends) == 9
    return next(each for each in trends if (each.metric, each.window) == ("spend", window))


def test_the_change_is_in_percent_of_the_window_before() -> None:
    """More, or less."""
    trend = spend(SpendTotals(150, 3, 30), SpendTotals(100, 2, 20))
    assert (trend.value, trend.previous, trend.change, trend.change_percent) == (150, 100, 50, 50.0)
    assert trend.covered


def test_from_nothing_no_percentage_leads() -> None:
    """The change is known, the share of nothing is not."""
    trend = spend(SpendTotals(150, 3, 30), SpendTotals(None, 0, None))
    assert (trend.previous, trend.change, trend.change_percent) == (0, 150, None)


def test_before_the_recording_nothing_is_known() -> None:
    """Which is said, and is not zero."""
    trend = spend(SpendTotals(150, 3, 30), SpendTotals(1, 1, 1), since=NOW - timedelta(hours=30))
    assert (trend.value, trend.previous, trend.change, trend.covered) == (150, None, None, False)


def test_calls_without_a_price_have_an_unknown_cost() -> None:
    """They were made, so they cost something."""
    assert spend(SpendTotals(None, 3, 30), SpendTotals(100, 2, 20)).value is None


def test_without_a_record_nothing_is_known() -> None:
    """Nobody is asked."""
    trend = spend(SpendTotals(1, 1, 1), SpendTotals(1, 1, 1), since=None)
    assert (trend.value, trend.previous, trend.covered) == (None, None, False)
