"""Where budgets stand, and of which alerts somebody is to be told."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Protocol

from ._alerts import overage, reached, settle
from ._forecast import HISTORY_DAYS, forecast
from ._period import local_day, period_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from contextlib import AbstractContextManager
    from datetime import date, datetime
    from zoneinfo import ZoneInfo

    from ...stats import CostAlert, LoggedAlert, PeriodKind, Spending
    from ._forecast import Forecast
    from ._period import Period
    from ._settings import CostSettings


class SpendSource(Protocol):
    """Tells what each day cost."""

    def spending(self, zone: ZoneInfo, *, first: date, last: date) -> Spending: ...


class AlertLog(Protocol):
    """Keeps what became of alerts, for all processes."""

    def transaction(self) -> AbstractContextManager[None]: ...

    def logged(
        self, period: PeriodKind, start: date, budget_nanousd: int
    ) -> Sequence[LoggedAlert]: ...

    def write(self, alerts: Iterable[LoggedAlert]) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetState:
    """Where a budget stands in one period, and what becomes of its alerts.

    `logged` is what was known of them, `settled` what is after this look.
    """

    period: Period
    budget_nanousd: int
    forecast: Forecast
    found: tuple[CostAlert, ...]
    logged: tuple[LoggedAlert, ...]
    settled: tuple[LoggedAlert, ...]
    is_current: bool

    @property
    def active(self) -> tuple[LoggedAlert, ...]:
        """The alerts that hold and are not waited for; of those of a kind the highest is last."""
        return tuple(each for each in self.settled if each.is_active)

    @property
    def changes(self) -> tuple[LoggedAlert, ...]:
        """What this look has changed."""
        return tuple(each for each in self.settled if each not in self.logged)

    @property
    def raised(self) -> tuple[CostAlert, ...]:
        """The alerts that somebody is to be told of now."""
        before = {each.alert.key for each in self.logged if each.raised is not None}
        told = (each for each in self.settled if each.raised is not None)
        return tuple(each.alert for each in told if each.alert.key not in before)

    def again(self, logged: Sequence[LoggedAlert], now: datetime) -> BudgetState:
        """Return it with what is known of its alerts by now."""
        settled = settle(logged, self.found, now=now)
        return replace(self, logged=tuple(logged), settled=settled)


def look_at_budgets(
    source: SpendSource,
    log: AlertLog,
    settings: CostSettings,
    *,
    now: datetime,
    since: datetime | None = None,
) -> tuple[BudgetState, ...]:
    """Return where each budget stands at `now`, and at the end of periods that ended in between.

    Args:
        source: what each day cost.
        log: what is known of alerts; nothing is written.
        settings: the budgets, and the zone of their periods.
        now: the moment.
        since: when what is looked at began, as a run; None is `now`.
    """
    periods = list(_periods(settings, now, now if since is None else min(since, now)))
    if not periods:
        return ()
    first = min(period.first for period, _ in periods) - timedelta(days=HISTORY_DAYS)
    spending = source.spending(settings.zone, first=first, last=local_day(now, settings.zone))
    return tuple(_state(spending, log, period, budget, now) for period, budget in periods)


def tell_once(
    states: Iterable[BudgetState], log: AlertLog, *, now: datetime
) -> tuple[CostAlert, ...]:
    """Write what changed, and return the alerts that this process is the one to tell of.

    Of processes that look at the same time one is first: the others find what it wrote.
    """
    changed = [each for each in states if each.changes]
    if not changed:
        return ()
    with log.transaction():
        found = [each.again(log.logged(*_key(each)), now) for each in changed]
        log.write(change for each in found for change in each.changes)
    return tuple(alert for each in found for alert in each.raised)


def _periods(
    settings: CostSettings, now: datetime, since: datetime
) -> Iterator[tuple[Period, int]]:
    kinds: tuple[tuple[PeriodKind, int | None], ...] = (
        ("daily", settings.daily_nanousd),
        ("monthly", settings.monthly_nanousd),
    )
    for kind, budget in kinds:
        if budget is not None:
            began, current = (period_of(kind, each, settings.zone) for each in (since, now))
            yield from dict.fromkeys([(began, budget), (current, budget)])


def _state(
    spending: Spending, log: AlertLog, period: Period, budget: int, now: datetime
) -> BudgetState:
    found = forecast(spending, period=period, now=now, budget_nanousd=budget)
    is_current = now < period.end
    spent = found.spent_nanousd
    alerts = [] if spent is None else [*reached(period, spent_nanousd=spent, budget_nanousd=budget)]
    predicted = overage(found) if period.kind == "monthly" and is_current else None
    if predicted is not None:
        alerts.append(predicted)
    state = BudgetState(
        period=period,
        budget_nanousd=budget,
        forecast=found,
        found=tuple(alerts),
        logged=(),
        settled=(),
        is_current=is_current,
    )
    return state.again(log.logged(*_key(state)), now)


def _key(state: BudgetState) -> tuple[PeriodKind, date, int]:
    return (state.period.kind, state.period.first, state.budget_nanousd)
