"""Figures in words."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from fractions import Fraction

    from ._metric import Metric

_USD: Final = "USD"
_PERCENT: Final = "%"


def written(value: float | Fraction | None, metric: Metric) -> str:
    """Write a figure with its unit: `1,320 tokens`, `$0.0123`, `4,350 ms`; `none` for None."""
    if value is None:
        return "none"
    if not isfinite(value):
        return str(value)
    number = _number(value, metric.scale)
    if metric.unit == _USD:
        return f"-${number[1:]}" if number.startswith("-") else f"${number}"
    return number if metric.unit == metric.name else f"{number} {metric.unit}".rstrip()


def way_between(baseline: float, now: float, metric: Metric) -> str:
    """Write both ends: `1,200 tokens -> 1,320 tokens (+120 tokens, +10.0 %)`."""
    ends = f"{written(baseline, metric)} -> {written(now, metric)}"
    return f"{ends} ({difference(baseline, now, metric)})"


def difference(baseline: float, now: float, metric: Metric) -> str:
    """Write the way from one figure to the other: `+120 tokens, +10.0 %`; percents by points."""
    if not (isfinite(now) and isfinite(baseline)):
        return f"{written(baseline, metric)} to {written(now, metric)}"
    change = now - baseline
    sign = "+" if change >= 0 else ""
    share = f", {100 * change / abs(baseline):+.1f} %" if baseline else ""
    way = written(change, metric)
    if metric.unit == _PERCENT:
        way = f"{way.removesuffix(_PERCENT)}points"
    return f"{sign}{way}{share}"


def _number(value: float | Fraction, scale: int) -> str:
    """Write a number with at most nine decimals and no zeros behind them."""
    if scale == 1 and isinstance(value, int):
        return f"{value:,}"
    return f"{float(value) / scale:,.9f}".rstrip("0").rstrip(".")
