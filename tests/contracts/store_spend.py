"""What every `Store` must know of what was paid for."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import TYPE_CHECKING, Literal
from zoneinfo import ZoneInfo

import pytest
from tests.contracts.store_samples import HOUR, NOON, call

from understudy.calls import Origin
from understudy.stats import CostAlert, LoggedAlert, SpendTotals

if TYPE_CHECKING:
    from understudy.events import CallEvent
    from understudy.store import Store

_ZONES = ("UTC", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe")
_FIRST, _LAST = date(2024, 1, 1), date(2027, 1, 1)
_BEGIN = datetime(2026, 3, 1, tzinfo=UTC)


def paid(ts: datetime, nanousd: int | None, origin: Origin = Origin.LIVE) -> CallEvent:
    return call(ts=ts, cost_nanousd=nanousd, origin=origin, input_tokens=10, output_tokens=2)


def month_of_calls() -> list[CallEvent]:
    """Make calls of 30 days, half of them paid for."""
    random = Random(7)
    return [
        paid(
            _BEGIN + timedelta(seconds=random.randrange(30 * 86_400)),
            random.choice([None, random.randrange(10**6)]),
            random.choice(list(Origin)),
        )
        for _ in range(300)
    ]


def is_paid(event: CallEvent) -> bool:
    return event.origin in {Origin.LIVE, Origin.RECORDED}


class SpendContract:
    """Part of `StoreContract`, which has the fixture `begun`: a store with a run and a test."""

    def test_nothing_recorded_is_told(self, store: Store) -> None:
        """Not as if nothing had been spent."""
        history = store.spend_history

        assert history.since() is None
        spending = history.spending(ZoneInfo("UTC"), first=NOON.date(), last=NOON.date())
        assert (spending.since, spending.by_day) == (None, {})
        assert history.totals(NOON - HOUR, NOON) == SpendTotals(None, 0, None)
        assert history.totals(NOON, NOON) == SpendTotals(None, 0, None)

    def test_only_what_was_paid_for_counts(self, begun: Store) -> None:
        """Live and recorded calls; what is unpriced is counted apart."""
        origins = [*Origin, None]
        begun.write_events([paid(NOON, 5, origin) for origin in origins])
        begun.write_events([paid(NOON, None)])

        found = begun.spend_history.totals(NOON - HOUR, NOON + HOUR)

        assert found == SpendTotals(10, 3, 36, unpriced=1)

    @pytest.mark.parametrize("zone", _ZONES)
    def test_each_day_costs_what_its_calls_cost(self, begun: Store, zone: str) -> None:
        """By the calendar of any zone, whatever its offset and its summer time."""
        events, clock = month_of_calls(), ZoneInfo(zone)
        begun.write_events(events)
        expected: dict[date, int] = {}
        for event in filter(is_paid, events):
            day = event.ts.astimezone(clock).date()
            expected[day] = expected.get(day, 0) + (event.cost_nanousd or 0)

        first, last = date(2026, 3, 5), date(2026, 3, 25)
        found = begun.spend_history.spending(clock, first=first, last=last)

        assert {day: cost for day, cost in found.by_day.items() if cost} == {
            day: cost for day, cost in expected.items() if cost and first <= day <= last
        }
        earliest = min(event.ts for event in events)
        assert found.since == earliest.replace(minute=0, second=0).astimezone(clock).date()

    def test_windows_are_exact(self, begun: Store) -> None:
        """To the microsecond, from days, hours and rows."""
        events = month_of_calls()
        begun.write_events(events)
        random = Random(11)
        for _ in range(20):
            since = _BEGIN + timedelta(seconds=random.randrange(30 * 86_400), microseconds=1)
            until = since + timedelta(seconds=random.randrange(1, 9 * 86_400))
            inside = [each for each in events if is_paid(each) and since <= each.ts < until]
            costs = [each.cost_nanousd for each in inside if each.cost_nanousd is not None]

            assert begun.spend_history.totals(since, until) == SpendTotals(
                sum(costs) if costs else None,
                len(inside),
                12 * len(inside) if inside else None,
                unpriced=len(inside) - len(costs),
            )

    def test_a_window_among_pruned_rows_is_widened_to_the_quarter_of_an_hour(
        self, begun: Store
    ) -> None:
        """Days are exact as before."""
        events = [each for each in month_of_calls() if is_paid(each)]
        begun.write_events(events)
        before = begun.spend_history.spending(ZoneInfo(_ZONES[2]), first=_FIRST, last=_LAST)
        begun.mark_pruned("telemetry", _BEGIN + timedelta(days=31))
        begun._connection.execute("DELETE FROM telemetry")

        history, quarter = begun.spend_history, timedelta(minutes=15)
        since, until = (_BEGIN + timedelta(days=each) for each in (5, 9))
        found = history.totals(since - timedelta(seconds=1), until + timedelta(seconds=1))
        wide = [each for each in events if since - quarter <= each.ts < until + quarter]

        assert found.requests == len(wide)
        assert history.spending(ZoneInfo(_ZONES[2]), first=_FIRST, last=_LAST) == before

    def test_what_became_of_alerts_comes_back(self, store: Store) -> None:
        """Of one budget in one period, and a budget of another amount is another."""
        log, day = store.spend_alerts, NOON.date()
        waiting = LoggedAlert(alert_of("predicted", 100), NOON)
        told = LoggedAlert(alert_of("spent", 90), NOON, NOON + HOUR, NOON + 2 * HOUR)
        log.write([waiting, told])

        assert log.logged("monthly", day, 1000) == (told, waiting)
        assert log.logged("monthly", day, 1001) == ()
        assert log.logged("daily", day, 1000) == ()
        assert store.footprint().rows["spend_alerts"] == 2

    def test_what_was_raised_stays_raised(self, store: Store) -> None:
        """Also where somebody writes who did not know."""
        log, alert = store.spend_alerts, alert_of("spent", 90)
        log.write([LoggedAlert(alert, NOON, NOON)])
        log.write([LoggedAlert(alert, NOON + HOUR, None, NOON + HOUR)])

        (found,) = log.logged("monthly", NOON.date(), 1000)
        assert found == LoggedAlert(alert, NOON + HOUR, NOON, NOON + HOUR)


def alert_of(kind: Literal["spent", "predicted"], threshold: int) -> CostAlert:
    return CostAlert(
        kind=kind,
        period="monthly",
        period_start=NOON.date(),
        threshold=threshold,
        level="warning",
        value_nanousd=950,
        budget_nanousd=1000,
    )
