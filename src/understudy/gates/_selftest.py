"""Proves that the gate can go red: makes recorded figures worse and looks on."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, replace
from fractions import Fraction
from math import floor
from typing import TYPE_CHECKING

from ._cost_split import rounding_of
from ._finding import Verdict
from ._metric import Family, Figures, Kind, Metric
from ._run import FIXTURE, RanTest, RunFacts
from .baseline import Baseline, Recorded
from .policy import settled

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ._gate import Gate


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """One experiment: `missed` are the tests whose regression the gate did not see.

    `metric` is the one that was made worse. `unchanged`, `missing` and `no_baseline` are
    experiments on the whole: the figures as they are, one test without figures, and an
    empty baseline.
    """

    metric: str
    injected: int
    missed: tuple[str, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether the gate did as it must."""
        return not self.missed


def selftest(gate: Gate) -> list[Proof]:
    """Make each metric of the recorded figures a little worse than is allowed.

    Metrics that the policy switches off are left out.
    """
    figures = {name: _as_measured(each) for name, each in gate.baseline.tests.items()}
    tests = {name: RanTest(node_id=name) for name in figures if not name.startswith(FIXTURE)}
    run_facts = RunFacts(tests=tests, complete=frozenset(gate.baseline.files))
    proofs = [_unchanged(gate, figures, run_facts)]
    if figures:
        proofs += [_missing(gate, figures, run_facts), _no_baseline(gate, figures, run_facts)]
    for metric in gate.metrics.values():
        spoiled = {name: _spoiled(each, metric, gate) for name, each in figures.items()}
        worse = {name: each for name, each in spoiled.items() if each is not None}
        if worse:
            proofs.append(_prove(gate, metric, {**figures, **worse}, run_facts, set(worse)))
    return proofs


def _as_measured(recorded: Recorded) -> Figures:
    """Make the figures of a run that is exactly as the baseline says."""
    how = min(recorded.timed, default="")
    return Figures(
        subject=recorded.subject,
        latency=Kind.EXACT if how else Kind.SHOWN,
        how=how,
        values=dict(recorded.values),
        timed=dict(recorded.timed.get(how, {})),
        models=deepcopy(recorded.models),
    )


def _spoiled(figures: Figures, metric: Metric, gate: Gate) -> Figures | None:
    """Return figures that are worse than allowed in one metric by the least step."""
    value = figures.value(metric)
    rule = settled(gate.policy.rules_for(figures.subject, {}).get(metric.name), metric)
    if value is None or not rule.gated or rule.allowance is None:
        return None
    room = floor(rule.allowance.of(value)) + 1
    if metric.family is Family.COST:
        room += rounding_of(figures.models)
    worse = Fraction(value) + (-room if metric.higher_is_better else room)
    figure = int(worse) if isinstance(value, int) else float(worse)
    spoiled = replace(figures, models=deepcopy(figures.models))
    if metric.timed:
        spoiled.timed = {**figures.timed, metric.name: figure}
    else:
        spoiled.values = {**figures.values, metric.name: figure}
    for sums in [sums for sums in spoiled.models.values() if metric.name in sums][:1]:
        sums[metric.name] += int(worse - Fraction(value))
    return spoiled


def _prove(
    gate: Gate,
    metric: Metric,
    figures: Mapping[str, Figures],
    run_facts: RunFacts,
    injected: set[str],
) -> Proof:
    findings = gate.judge(figures, run_facts).findings
    failed = [each for each in findings if each.verdict is Verdict.FAIL]
    missed = injected - {each.subject for each in failed if each.metric == metric.name}
    return Proof(metric=metric.name, injected=len(injected), missed=tuple(sorted(missed)))


def _unchanged(gate: Gate, figures: Mapping[str, Figures], run_facts: RunFacts) -> Proof:
    red = gate.judge(figures, run_facts).failing() if figures else []
    missed = tuple(sorted({finding.subject for finding in red}))
    return Proof(metric="unchanged", injected=len(figures), missed=missed)


def _missing(gate: Gate, figures: Mapping[str, Figures], run_facts: RunFacts) -> Proof:
    name = min(figures)
    others = {subject: each for subject, each in figures.items() if subject != name}
    found = {f.subject for f in gate.judge(others, run_facts).failing()}
    missed = () if name in found else (name,)
    return Proof(metric="missing", injected=1, missed=missed)


def _no_baseline(gate: Gate, figures: Mapping[str, Figures], run_facts: RunFacts) -> Proof:
    failing = replace(gate, baseline=Baseline()).judge(figures, run_facts).failing()
    is_red = any(finding.verdict is Verdict.NO_COMPARISON for finding in failing)
    return Proof(metric="no_baseline", injected=len(figures), missed=() if is_red else ("run",))
