"""What a period costs, will cost, and when that is too much: pure functions in nano-USD."""

from ._alerts import CostAlert, Level, is_over, predicted_overage, reached
from ._forecast import HISTORY_DAYS, Forecast, forecast
from ._period import Period, PeriodKind, local_day, period_of
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

__all__ = [
    "HISTORY_DAYS",
    "METRICS",
    "SNAPSHOTS",
    "SNAPSHOT_SECONDS",
    "WINDOWS",
    "CostAlert",
    "CostSettings",
    "Forecast",
    "Level",
    "MemoryHistory",
    "Metric",
    "Period",
    "PeriodKind",
    "SnapshotHistory",
    "SnapshotTotals",
    "Snapshots",
    "Trend",
    "forecast",
    "is_over",
    "local_day",
    "period_of",
    "predicted_overage",
    "reached",
    "read_costs",
    "trends_of",
]
