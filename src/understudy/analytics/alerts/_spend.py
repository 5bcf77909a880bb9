"""Alerts of budgets that are spent, or will be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ._alert import Alert

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from zoneinfo import ZoneInfo

    from ..costs import BudgetState, LoggedAlert

_NANO: Final = 10**9


def spend_alerts(states: Iterable[BudgetState]) -> Iterator[Alert]:
    """Yield of each budget that counts now the highest threshold that is reached, in USD.

    `daily` and `monthly` are about what is spent, `forecast` about what will be by the end of the
    month, where that was found twice.
    """
    for state in states:
        if state.is_current:
            highest = {each.alert.kind: each for each in state.active}
            for kind, value in (
                ("spent", state.forecast.spent_nanousd),
                ("predicted", state.forecast.predicted_nanousd),
            ):
                if kind in highest and value is not None:
                    yield _alert(highest[kind], value, state.period.zone)


def _alert(logged: LoggedAlert, nanousd: int, zone: ZoneInfo) -> Alert:
    alert = logged.alert
    return Alert(
        kind="spend",
        subject=alert.period if alert.kind == "spent" else "forecast",
        level=alert.level,
        value=nanousd / _NANO,
        limit=alert.threshold * alert.budget_nanousd / (100 * _NANO),
        since=logged.since.astimezone(zone),
        budget=alert.budget_nanousd / _NANO,
    )
