"""The summary as JSON."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

from ..events import usd
from ._estimates import overview_as_json

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ._figures import Figures, Latency, Total
    from ._summary import OwnerFigures, Summary

#: 1: first version.
FORMAT_VERSION: Final = 1
_COUNTS: Final = ("calls", "attempts", "errors", "failed_calls", "cancelled")
_CACHED: Final = ("cache_read_tokens", "cache_write_tokens")
_TOKENS: Final = ("input_tokens", "output_tokens", *_CACHED, "reasoning_tokens")


def summary_as_json(summary: Summary) -> dict[str, Any]:
    """Return what `json.dumps` takes; null is unknown, costs are in USD and in 1e-9 USD."""
    return {
        "format": FORMAT_VERSION,
        "totals": _figures(summary.totals),
        "origins": summary.origins,
        "spent": _cost(summary.spent),
        "saved": _cost(summary.saved),
        "models": [
            {"provider": each.provider, "model": each.model, **_figures(each.figures)}
            for each in summary.models
        ],
        "tests": _owners(summary.tests),
        "fixtures": _owners(summary.fixtures),
        "outside": _figures(summary.outside) if summary.outside else None,
        "unpriced": list(map(asdict, summary.unpriced)),
        "without_usage": list(map(asdict, summary.without_usage)),
        "estimated_calls": summary.estimated_calls,
        "estimates": overview_as_json(summary.estimates) if summary.estimates else None,
    }


def _figures(figures: Figures) -> dict[str, Any]:
    return {
        **{name: getattr(figures, name) for name in _COUNTS},
        **{name: getattr(figures, name).value for name in _TOKENS},
        "calls_without_usage": max(figures.input_tokens.missing, figures.output_tokens.missing),
        "cost": _cost(figures.cost),
        "ttfc_ms": _latency(figures.ttfc),
        "duration_ms": _latency(figures.duration),
        "call_ms": figures.call_ms,
    }


def _cost(total: Total | None) -> dict[str, Any] | None:
    if total is None:
        return None
    dollars = None if total.value is None else float(usd(total.value))
    return {"usd": dollars, "nanousd": total.value, "unpriced_calls": total.missing}


def _latency(latency: Latency | None) -> dict[str, Any] | None:
    if latency is None:
        return None
    return {"p50": latency.p50_ms, "p95": latency.p95_ms, "measured": latency.measured}


def _owners(owners: Iterable[OwnerFigures]) -> list[dict[str, Any]]:
    return [
        {"name": o.name, "worker": o.worker, "reruns": o.reruns, **_figures(o.figures)}
        for o in owners
    ]
