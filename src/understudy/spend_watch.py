"""Looks where budgets stand, and tells the hooks of each alert that is new."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from .analytics.costs import look_at_budgets, tell_once
from .store import open_store

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    import pluggy

    from .analytics.costs import BudgetState, CostSettings
    from .extensions import Extensions
    from .stats import CostAlert

_TELLING: Final = "telling cost_alert_raised of an alert"


@dataclass(frozen=True, slots=True)
class SpendWatch:
    """Looks at the budgets of one store; `note` takes a fault of a hook: where, and what."""

    settings: CostSettings
    location: str
    hooks: pluggy.PluginManager
    note: Callable[[str, BaseException | str], None]

    def look(self, *, now: datetime, since: datetime | None = None) -> tuple[BudgetState, ...]:
        """Return where each budget stands, and tell of alerts that nobody was told of yet.

        Not for each request, but each minute, or when something ends: `since` is when that
        began, so that what was spent before midnight counts for its day.

        Raises:
            StoreError: the store cannot be read or written; nobody is told then.
        """
        with open_store(self.location, create=False) as store:
            log = store.spend_alerts
            states = look_at_budgets(store.spend_history, log, self.settings, now=now, since=since)
            raised = tell_once(states, log, now=now)
        for alert in raised:
            self._tell(alert)
        return states

    def _tell(self, alert: CostAlert) -> None:
        for hook in self.hooks.hook.cost_alert_raised.get_hookimpls():
            try:
                hook.function(*([alert] if hook.argnames else []))
            except Exception as error:  # noqa: BLE001 - a plugin's, and others are to be told
                self.note(_TELLING, error)


def spend_watch(
    extensions: Extensions, location: str, note: Callable[[str, BaseException | str], None]
) -> SpendWatch | None:
    """Return what looks at the budgets of `[tool.understudy.costs]`; None where none is set.

    Raises:
        SettingsError: the table is wrong.
    """
    costs = extensions.costs
    if costs.daily_nanousd is None and costs.monthly_nanousd is None:
        return None
    return SpendWatch(costs, location, extensions.hooks, note)
