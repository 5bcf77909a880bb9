"""Ceilings and budgets: what a figure may be, whatever it was; and what groups of tests may."""

from __future__ import annotations

from dataclasses import replace
from math import isfinite
from typing import TYPE_CHECKING

from ._exact import limit_of
from ._finding import Finding, Verdict, how_to_accept
from ._groups import RUN, groups_of, part_of, recorded_part, total
from ._metric import Figures, Kind, Metric
from ._number_format import way_between, written
from .policy import Policy, Rule, matches

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from fractions import Fraction

    from ._run import RunFacts
    from .baseline import Baseline

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
            yield _over_limit(figures.subject, metric, value, rule.ceiling, "ceiling")


def judge_budgets(
    policy: Policy, figures: Mapping[str, Figures], metrics: Mapping[str, Metric]
) -> Iterator[Finding]:
    """Yield the globs of tests, `run` for all of them, that exceed a budget."""
    for glob, rules in {RUN: policy.everywhere, **policy.tests}.items():
        for name, rule in rules.items():
            if rule.budget is None:
                continue
            chosen = [f for s, f in figures.items() if glob == RUN or matches(glob, s)]
            finding = _judge_budget(glob, metrics[name], chosen, rule.budget)
            if finding is not None:
                yield finding


def judge_groups(
    policy: Policy,
    figures: Mapping[str, Figures],
    run_facts: RunFacts,
    baseline: Baseline,
    metrics: Mapping[str, Metric],
) -> Iterator[Finding]:
    """Yield what groups of tests exceed: an allowance, a ceiling or a budget."""
    groups = groups_of(figures, run_facts.tests) if policy.groups else {}
    for pattern, rules in policy.groups.items():
        for name in [group for group in groups if matches(pattern, group)]:
            for metric, rule in rules.items():
                yield from _judge_group(name, groups[name], metrics[metric], rule, baseline)


def _judge_group(
    name: str, members: Sequence[Figures], metric: Metric, rule: Rule, baseline: Baseline
) -> Iterator[Finding]:
    for limit, noun in ((rule.ceiling, "ceiling"), (rule.budget, "budget")):
        now = total(metric, (part_of(each, name) for each in members))
        if limit is not None and now is not None and not now <= limit:
            yield _over_limit(name, metric, now, limit, noun)
    if rule.allowance is not None and rule.gated is not False:
        yield from _compare(name, members, metric, rule, baseline)


def _compare(
    name: str, members: Sequence[Figures], metric: Metric, rule: Rule, baseline: Baseline
) -> Iterator[Finding]:
    """Hold the sum over the tests that are on both sides against that of the baseline."""
    both = [
        (part_of(each, name), recorded_part(baseline.tests[each.subject], each, name))
        for each in members
        if each.subject in baseline.tests and each.counts is Kind.EXACT
    ]
    before = total(metric, (old for _, old in both))
    now = total(metric, (new for new, old in both if metric.name in old))
    if before is None or now is None:
        return
    if metric.is_worse(now, limit_of(before, rule, metric)):
        yield Finding(
            verdict=Verdict.FAIL,
            subject=name,
            metric=metric.name,
            kind=Kind.EXACT,
            baseline=before,
            now=now,
            change=way_between(before, now, metric),
            reason=f"of {len(both)} tests together",
            advice=how_to_accept(),
        )


def _judge_budget(
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
    return _over_limit(subject, metric, total, budget, "budget")


def _over_limit(subject: str, metric: Metric, value: float, limit: Fraction, noun: str) -> Finding:
    reason = f"over its {noun} of {written(limit, metric)}"
    return replace(_failure(subject, metric, reason), now=value, change=written(value, metric))


def _unjudged(subject: str, metric: Metric, why: str, limit: Fraction) -> Finding:
    reason = f"its limit of {written(limit, metric)} cannot be judged: {why}"
    return _failure(subject, metric, reason)


def _failure(subject: str, metric: Metric, reason: str) -> Finding:
    return Finding(
        verdict=Verdict.FAIL, subject=subject, metric=metric.name, reason=reason, advice=_RAISE
    )
