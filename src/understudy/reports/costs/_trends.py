"""Spend, requests and tokens against the time before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .._layout import Column, lay_out, wrap
from ._money import UNKNOWN, amount, as_json, percent
from ._plot import plotted

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from ...analytics.costs import Trend


def spend_trends_lines(
    trends: Sequence[Trend], width: int, *, days: Sequence[tuple[date, int]] = ()
) -> list[str]:
    """Return a row for each metric and window, what could not be compared, a plot of `days`."""
    columns = [
        Column("metric", tuple(each.metric for each in trends), name=8),
        Column("window", tuple(each.window for each in trends)),
        Column("now", tuple(_value(each, each.value) for each in trends)),
        Column("before", tuple(_value(each, each.previous) for each in trends), rank=1),
        Column("change", tuple(percent(each.change_percent, sign=True) for each in trends)),
    ]
    young = sorted({each.window for each in trends if not each.covered}, key=_hours)
    notes = [f"before {', '.join(young)} nothing was recorded that long"] if young else []
    notes = [each for note in notes for each in wrap(note, width)]
    return [
        *lay_out(columns, width),
        *notes,
        *(["", plotted(days, width)] if len(days) > 1 else []),
    ]


def spend_trends_as_json(trends: Sequence[Trend]) -> list[dict[str, Any]]:
    """Return the same as values of JSON; a value of `spend` is in whole nano-USD and in USD."""
    return [_row(each) for each in trends]


def _row(trend: Trend) -> dict[str, Any]:
    named = {"value": trend.value, "previous": trend.previous, "change": trend.change}
    if trend.metric == "spend":
        named = {
            name: each for key, value in named.items() for name, each in as_json(key, value).items()
        }
    return {
        "metric": trend.metric,
        "window": trend.window,
        **named,
        "change_percent": trend.change_percent,
        "covered": trend.covered,
    }


def _value(trend: Trend, value: int | None) -> str:
    if trend.metric == "spend":
        return amount(value)
    return UNKNOWN if value is None else f"{value:,}"


def _hours(window: str) -> int:
    return int(window[:-1]) * (24 if window.endswith("d") else 1)
