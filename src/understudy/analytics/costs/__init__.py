"""What a period costs, will cost, and when that is too much: pure functions in nano-USD."""

from ...stats import CostAlert, LoggedAlert, PeriodKind
from ._alerts import overage, reached, settle
from ._forecast import HISTORY_DAYS, Forecast, forecast
from ._period import Period, local_day, period_of
from ._settings import CostSettings, read_costs
from ._snapshots import (
    SNAPSHOT_SECONDS,
    SNAPSHOTS,
    MemoryHistory,
    SnapshotHistory,
    Snapshots,
    SnapshotTotals,
)
from ._trends import METRICS, WINDOWS, Metric, Trend, trends_of
from ._watch import AlertLog, BudgetState, SpendSource, look_at_budgets, tell_once

__all__ = [
    "HISTORY_DAYS",
    "METRICS",
    "SNAPSHOTS",
    "SNAPSHOT_SECONDS",
    "WINDOWS",
    "AlertLog",
    "BudgetState",
    "CostAlert",
    "CostSettings",
    "Forecast",
    "LoggedAlert",
    "MemoryHistory",
    "Metric",
    "Period",
    "PeriodKind",
    "SnapshotHistory",
    "SnapshotTotals",
    "Snapshots",
    "SpendSource",
    "Trend",
    "forecast",
    "local_day",
    "look_at_budgets",
    "overage",
    "period_of",
    "reached",
    "read_costs",
    "settle",
    "tell_once",
    "trends_of",
]
