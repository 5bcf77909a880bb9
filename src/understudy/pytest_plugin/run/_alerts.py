"""Whether something about the store or a model wants to be looked at, in one line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...analytics.alerts import efficiency_alerts, spend_alerts, store_alerts
from ...analytics.efficiency import watch
from ...events.model import ThoughtLatency
from ...reports.models import alert_text
from ...store import open_store

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime, timedelta

    from ...analytics.costs import BudgetState
    from ...store import MergeReport


def timed_models(report: MergeReport, run_id: str) -> set[str]:
    """Return the models whose answers were timed in a run."""
    answers = (each for each in report.models if isinstance(each, ThoughtLatency))
    return {each.component for each in answers if each.run_id == run_id}


def alert_line(
    location: str,
    *,
    now: datetime,
    retention: timedelta | None,
    components: Iterable[str],
    budgets: Iterable[BudgetState] = (),
) -> str | None:
    """Return what is wrong with a budget, the store or one of the models, None where nothing is.

    Sums are read, and no rows but those at the ends of the last 24 hours.

    Raises:
        StoreError: the store cannot be read.
    """
    with open_store(location, create=False) as store:
        alerts = [*spend_alerts(budgets)]
        alerts += store_alerts(store.footprint(), now=now, retention=retention)
        for component in sorted(components):
            states = watch(store.model_history, now=now, component=component)
            alerts += efficiency_alerts(states)
    pressing = [alert_text(each) for each in alerts if each.is_pressing]
    if not pressing:
        return None
    more = f"; {len(pressing) - 1} more" if len(pressing) > 1 else ""
    return f"alert: {pressing[0]}{more} (see `understudy alerts`)"
