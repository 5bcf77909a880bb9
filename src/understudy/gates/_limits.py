"""Ceilings and budgets: what a figure may be, whatever it was."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING

from ._finding import Finding
from ._metric import Kind
from ._number_format import written
from ._verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from fractions import Fraction

    from ._figures import Figures
    from ._metric import Metric
    from .policy import Rule

_RAISE = "make it less, or raise the limit in [tool.understudy.gates] or its llm_gate marker"


def judge_ceilings(
    figures: Figures, rules: Mapping[str, Rule], metrics: Mapping[str, Metric]
) -> Iterator[Finding]:
    """Yield what exceeds the ceiling of its rule; what is unknown under one does."""
    for name, rule in rules.items():
        if rule.ceiling is None or rule.gated is False:
            continue
        metric = metrics[name]
        if metric.timed and figures.latency is Kind.SHOWN:
            continue
        value = figures.value(metric)
        if value is None:
            if name in figures.unknown:
                yield _unjudged(figures.subject, metric, figures.unknown[name], rule.ceiling)
        elif not (isfinite(value) and value <= rule.ceiling):
            yield over_limit(figures.subject, metric, value, rule.ceiling, "ceiling")


def judge_budget(
    subject: str, metric: Metric, figures: Iterable[Figures], budget: Fraction
) -> Finding | None:
    """Return the finding where figures together exceed a budget, or cannot be added up."""
    total: float = 0
    for each in figures:
        value = each.value(metric)
        if value is None and metric.name in each.unknown:
            why = f"{each.subject}: {each.unknown[metric.name]}"
            return _unjudged(subject, metric, why, budget)
        total += value or 0
    if isfinite(total) and total <= budget:
        return None
    return over_limit(subject, metric, total, budget, "budget")


def over_limit(subject: str, metric: Metric, value: float, limit: Fraction, noun: str) -> Finding:
    """Make the finding of a figure beyond a limit."""
    return Finding(
        verdict=Verdict.FAIL,
        subject=subject,
        metric=metric.name,
        now=value,
        change=written(value, metric),
        reason=f"over its {noun} of {written(limit, metric)}",
        advice=_RAISE,
    )


def _unjudged(subject: str, metric: Metric, why: str, limit: Fraction) -> Finding:
    """Make the finding of a figure beyond a limit."""
    return Finding(
        verdict=Verdict.FAIL,
        subject=subject,
        metric=metric.name,
        reason=f"its limit of {written(limit, metric)} cannot be judged: {why}",
        advice=_RAISE,
    )
