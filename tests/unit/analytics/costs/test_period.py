"""Days and months of a zone."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.analytics.costs import local_day, period_of

ZONES = ["UTC", "Europe/Berlin", "America/Santiago", "Asia/Kathmandu", "Pacific/Apia"]
moments = st.datetimes(datetime(2000, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@given(now=moments, zone=st.sampled_from(ZONES), kind=st.sampled_from(["daily", "monthly"]))
def test_each_moment_is_in_its_period(now: datetime, zone: str, kind: str) -> None:
    """And in no other: the instant before its start, and its end, are in neighbours."""
    period = period_of(kind, now, ZoneInfo(zone))  # type: ignore[arg-type]

    assert period.start <= now < period.end
    assert period.first <= local_day(now, period.zone) < period.after
    assert period_of(period.kind, period.end, period.zone).first == period.after
    before = period_of(period.kind, period.start - timedelta(microseconds=1), period.zone)
    assert before.after <= period.first  # Apia left a day out


@given(now=moments, zone=st.sampled_from(ZONES))
def test_elapsed_days_go_from_none_to_all(now: datetime, zone: str) -> None:
    """Nothing at the first instant, all at the end, and between them between."""
    period = period_of("monthly", now, ZoneInfo(zone))

    assert period.days_elapsed(period.start) == 0
    assert period.days_elapsed(period.end) == period.days
    assert 0 <= period.days_elapsed(now) < period.days


@pytest.mark.parametrize(("year", "days"), [(2023, 28), (2024, 29), (2100, 28)])
def test_a_leap_day_is_a_day(year: int, days: int) -> None:
    """February has 29 in leap years."""
    now = datetime(year, 2, 10, tzinfo=UTC)
    assert period_of("monthly", now, ZoneInfo("UTC")).days == days


def test_a_month_ends_by_the_clock_of_its_zone() -> None:
    """At 22:30 UTC the new month has begun in Berlin."""
    now = datetime(2026, 6, 30, 22, 30, tzinfo=UTC)
    assert period_of("monthly", now, ZoneInfo("Europe/Berlin")).first == date(2026, 7, 1)


def test_a_day_of_25_hours_counts_like_others() -> None:
    """Half of it is over after twelve and a half hours."""
    start = datetime(2026, 10, 24, 22, tzinfo=UTC)
    period = period_of("daily", start, ZoneInfo("Europe/Berlin"))

    assert period.end - period.start == timedelta(hours=25)
    assert period.days_elapsed(start + timedelta(hours=12.5)) == pytest.approx(0.5)
