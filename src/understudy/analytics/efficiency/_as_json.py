"""Figures of models as values of JSON, under the names that are documented."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ...stats import TokenSums
    from ._trends import ModelTrend, TrendDay


def figures_as_json(sums: TokenSums) -> dict[str, Any]:
    """Return what sums say; null where no token was generated."""
    return {
        "weighted_ms_per_token": sums.ms / sums.tokens if sums.tokens else None,
        "tokens": sums.tokens,
        "samples": sums.count,
    }


def trends_as_json(trends: Iterable[ModelTrend]) -> list[dict[str, Any]]:
    """Return a value for each model and source, with one for each of its days."""
    return [
        {
            "component": trend.figures.component,
            "source": trend.figures.source,
            **figures_as_json(trend.figures.sums),
            "load_seconds": trend.figures.load_seconds,
            "change_percent": trend.change_percent,
            "load_change_percent": trend.load_change_percent,
            "days": list(map(_day, trend.days)),
        }
        for trend in trends
    ]


def _day(day: TrendDay) -> dict[str, Any]:
    return {
        "day": day.day.isoformat(),
        **figures_as_json(day.answers),
        "load_seconds": day.load_seconds,
        "loads": day.loads.count,
        "failed_loads": day.loads.failures,
    }
