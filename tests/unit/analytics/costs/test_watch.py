"""Budgets over any order of writes, restarts, processes, months and zones."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.analytics.alerts import spend_alerts
from understudy.analytics.costs import CostSettings, local_day, look_at_budgets, tell_once
from understudy.stats import CostAlert, Spending
from understudy.store import open_store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from zoneinfo import ZoneInfo

    from understudy.analytics.costs import BudgetState
    from understudy.store import SpendAlerts, Store

HOUR = timedelta(hours=1)
USD = 10**9
ZONES = ["UTC", "Europe/Berlin", "America/Santiago", "Asia/Kathmandu", "Pacific/Apia"]
#: Around ends of months, a leap day, the ends of summer time.
MOMENTS = [
    datetime(2024, 2, 28, 22, tzinfo=UTC),
    datetime(2024, 3, 31, 0, tzinfo=UTC),
    datetime(2023, 12, 31, 9, tzinfo=UTC),
    datetime(2026, 10, 25, 0, tzinfo=UTC),
    datetime(2011, 12, 30, 9, tzinfo=UTC),
]


@dataclass
class Book:
    """What was spent, by the moment; what each day cost follows from it."""

    spent: list[tuple[datetime, int]] = field(default_factory=list)

    def spending(self, zone: ZoneInfo, *, first: date, last: date) -> Spending:
        """Sum up by hand."""
        by_day: Counter[date] = Counter()
        for moment, amount in self.spent:
            by_day[local_day(moment, zone)] += amount
        since = min(by_day, default=None)
        return Spending(since, {day: by_day[day] for day in by_day if first <= day <= last})


hours = st.integers(-30, 60).map(lambda each: timedelta(hours=each))
amounts = st.integers(-3 * USD, 6 * USD)
#: A write at a time; a look by one of two processes; a look that was overtaken by the other.
steps = st.lists(
    st.one_of(
        st.tuples(st.just("write"), hours, amounts),
        st.tuples(st.sampled_from(["first", "second", "both"]), hours, st.just(0)),
    ),
    max_size=25,
)


@pytest.fixture(scope="module")
def stores(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Store]]:
    """One file, as two processes have it open."""
    path = tmp_path_factory.mktemp("budgets") / "telemetry.db"
    with open_store(path) as first, open_store(path) as second:
        first._connection.execute("PRAGMA synchronous = OFF")
        second._connection.execute("PRAGMA synchronous = OFF")
        yield [first, second]


@given(begin=st.sampled_from(MOMENTS), zone=st.sampled_from(ZONES), taken=steps)
def test_each_alert_is_told_once_a_period(
    begin: datetime, zone: str, taken: list[tuple[str, timedelta, int]], stores: list[Store]
) -> None:
    """Whoever looks, in whatever order, with clocks that go back and forth."""
    book, told = Book(), list[CostAlert]()
    settings = CostSettings.model_validate({"daily_usd": 4, "monthly_usd": 20, "zone": zone})

    stores[0]._connection.execute("DELETE FROM spend_alerts")

    def look(log: SpendAlerts, now: datetime) -> tuple[BudgetState, ...]:
        return look_at_budgets(book, log, settings, now=now, since=begin)

    for what, after, amount in taken:
        now = begin + after
        if what == "write":
            book.spent.append((now, amount))
            continue
        logs = [store.spend_alerts for store in stores]
        lookers = {"first": logs[:1], "second": logs[1:], "both": logs}[what]
        for log, states in [(log, look(log, now)) for log in lookers]:
            told += tell_once(states, log, now=now)
        for state in look(logs[0], now):
            assert state.changes == ()
            assert_is_sane(state, book, now)

    assert max(Counter(alert.key for alert in told).values(), default=1) == 1


def test_what_was_spent_before_midnight_counts_for_its_day(stores: list[Store]) -> None:
    """Of a run that went on into the next; yesterday is told of, and no longer counts."""
    log = stores[0].spend_alerts
    stores[0]._connection.execute("DELETE FROM spend_alerts")
    began, ended = (datetime(2026, 3, 14, 23, tzinfo=UTC) + each * HOUR for each in (0, 2))
    settings = CostSettings.model_validate({"daily_usd": 4})

    states = look_at_budgets(Book([(began, 5 * USD)]), log, settings, now=ended, since=began)

    assert [(each.period.first.day, each.is_current) for each in states] == [
        (14, False),
        (15, True),
    ]
    told = tell_once(states, log, now=ended)
    assert [(each.period_start.day, each.threshold) for each in told] == [
        (14, 75),
        (14, 90),
        (14, 100),
    ]
    assert list(spend_alerts(states)) == []


def assert_is_sane(state: BudgetState, book: Book, now: datetime) -> None:
    spent = state.forecast.spent_nanousd
    by_hand = [
        amount
        for moment, amount in book.spent
        if state.period.first <= local_day(moment, state.period.zone) < state.period.after
        and local_day(moment, state.period.zone) <= local_day(now, state.period.zone)
    ]
    assert (spent or 0) == sum(by_hand)
    for logged in state.active:
        assert logged.alert.value_nanousd > 0
        if logged.alert.kind == "spent":
            assert 100 * (spent or 0) >= logged.alert.threshold * state.budget_nanousd
    if now == state.period.end:
        assert state.forecast.predicted_nanousd == spent
