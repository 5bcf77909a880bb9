"""The rules of `[tool.understudy.gates.groups]`, and the budgets of globs of tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._exact import limit_of
from ._finding import Finding, how_to_accept
from ._groups import RUN, groups_of, part_of, recorded_part, total
from ._limits import judge_budget, over_limit
from ._metric import Kind
from ._number_format import difference, written
from ._verdict import Verdict
from .policy import matches

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ._figures import Figures
    from ._metric import Metric
    from ._run import RunFacts
    from .baseline import Baseline
    from .policy import Policy, Rule


def judge_budgets(
    policy: Policy, figures: Mapping[str, Figures], metrics: Mapping[str, Metric]
) -> Iterator[Finding]:
    """Yield the globs of tests, `run` for all of them, that exceed a budget."""
    for glob, rules in {RUN: policy.everywhere, **policy.tests}.items():
        for name, rule in rules.items():
            if rule.budget is None:
                continue
            chosen = [f for s, f in figures.items() if glob == RUN or matches(glob, s)]
            finding = judge_budget(glob, metrics[name], chosen, rule.budget)
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
                yield from _judge(name, groups[name], metrics[metric], rule, baseline)


def _judge(
    name: str, members: Sequence[Figures], metric: Metric, rule: Rule, baseline: Baseline
) -> Iterator[Finding]:
    for limit, noun in ((rule.ceiling, "ceiling"), (rule.budget, "budget")):
        now = total(metric, (part_of(each, name) for each in members))
        if limit is not None and now is not None and not now <= limit:
            yield over_limit(name, metric, now, limit, noun)
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
        way = f"{written(before, metric)} -> {written(now, metric)}"
        yield Finding(
            verdict=Verdict.FAIL,
            subject=name,
            metric=metric.name,
            kind=Kind.EXACT,
            baseline=before,
            now=now,
            change=f"{way} ({difference(before, now, metric)})",
            reason=f"of {len(both)} tests together",
            advice=how_to_accept(),
        )
