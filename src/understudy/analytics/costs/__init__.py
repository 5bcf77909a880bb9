"""What a period costs, will cost, and when that is too much: pure functions in nano-USD."""

from ._alerts import CostAlert, Level, is_over, predicted_overage, reached
from ._forecast import HISTORY_DAYS, Forecast, Spending, forecast
from ._period import Period, PeriodKind, local_day, period_of
from ._trends import METRICS, WINDOWS, Metric, Totals, Trend, trends_of

__all__ = [
    "HISTORY_DAYS",
    "METRICS",
    "WINDOWS",
    "CostAlert",
    "Forecast",
    "Level",
    "Metric",
    "Period",
    "PeriodKind",
    "Spending",
    "Totals",
    "Trend",
    "forecast",
    "is_over",
    "local_day",
    "period_of",
    "predicted_overage",
    "reached",
    "trends_of",
]
