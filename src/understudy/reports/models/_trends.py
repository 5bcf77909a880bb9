"""How fast models answered and loaded, day by day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .._layout import Column, lay_out
from ._cells import change, duration, speed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ...analytics.efficiency import ModelTrend, TrendDay

_NAME_WIDTH = 24


def trends_lines(trends: Sequence[ModelTrend], width: int) -> list[str]:
    """Return a table with one row for each model and source."""
    models = [trend.figures for trend in trends]
    columns = [
        Column("model", tuple(each.component for each in models), name=_NAME_WIDTH),
        Column("source", tuple(each.source for each in models)),
        Column("ms/token", tuple(speed(each.ms_per_token) for each in models)),
        Column("change", tuple(change(trend.change_percent) for trend in trends)),
        Column("tokens", tuple(f"{each.sums.tokens:,}" for each in models), rank=2),
        Column("answers", tuple(f"{each.sums.count:,}" for each in models), rank=3),
        Column("days", tuple(str(len(trend.days)) for trend in trends), rank=1),
        Column("load", tuple(duration(each.load_seconds) for each in models)),
        Column("load change", tuple(change(trend.load_change_percent) for trend in trends)),
    ]
    return lay_out(columns, width)


def trend_day_lines(days: Sequence[TrendDay], width: int) -> list[str]:
    """Return a table with one row for each day of a model."""
    columns = [
        Column("day", tuple(each.day.isoformat() for each in days)),
        Column("ms/token", tuple(speed(each.ms_per_token) for each in days)),
        Column("tokens", tuple(f"{each.answers.tokens:,}" for each in days), rank=2),
        Column("answers", tuple(f"{each.answers.count:,}" for each in days), rank=3),
        Column("load", tuple(duration(each.load_seconds) for each in days)),
        Column("loads", tuple(str(each.loads.count) for each in days), rank=1),
        Column("failed", tuple(str(each.loads.failures) for each in days), quiet=True),
    ]
    return lay_out(columns, width)
