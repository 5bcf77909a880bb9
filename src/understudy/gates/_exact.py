"""The rule for figures that are the same every time: compared as they are."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from fractions import Fraction
from math import isfinite
from typing import TYPE_CHECKING

from ._circumstance import comparable_latency
from ._finding import Finding, Verdict, how_to_accept, selection_of
from ._metric import Family, Figures, Kind, Metric
from ._number_format import way_between, written
from .policy import NOTHING, Rule, settled

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ._cost_split import CostSplit, Repricing
    from ._run import RunFacts
    from .baseline import Recorded


@dataclass(slots=True)
class Outcome:
    """What came of one test: findings, metrics that passed, what is new, what prices did.

    `price_table` is the part of a cost that a new price table explains, by metric.
    """

    findings: list[Finding] = field(default_factory=list)
    passed: list[str] = field(default_factory=list)
    new: list[str] = field(default_factory=list)
    price_table: dict[str, int] = field(default_factory=dict)

    @property
    def fails(self) -> bool:
        """Tell whether any figure is worse than it may be."""
        return any(finding.verdict is Verdict.FAIL for finding in self.findings)

    def add(self, other: Outcome) -> None:
        """Take over what came of other figures of the same test."""
        self.findings += other.findings
        self.passed += other.passed
        self.new += other.new


class ExactRule:
    """Judges exact figures of one test after the other."""

    def __init__(
        self, metrics: Mapping[str, Metric], run_facts: RunFacts, repricing: Repricing | None
    ) -> None:
        self._timed = [metric for metric in metrics.values() if metric.timed]
        self._untimed = [metric for metric in metrics.values() if not metric.timed]
        self._run_facts = run_facts
        self._repricing = repricing
        self._by_default = {name: settled(None, metric) for name, metric in metrics.items()}
        self._gated = {name for name, rule in self._by_default.items() if rule.gated}

    def judge(self, figures: Figures, recorded: Recorded, rules: Mapping[str, Rule]) -> Outcome:
        """Compare a test's exact figures with those of the baseline."""
        if not rules and _are_equal(figures, recorded):
            names = [*figures.values, *figures.timed]
            return Outcome(passed=[name for name in names if name in self._gated])
        outcome = Outcome()
        if figures.counts is not Kind.EXACT:
            outcome.findings.append(_gone_live(figures))
            return outcome
        self._compare(outcome, self._untimed, figures, recorded, recorded.values, rules)
        self._judge_latency(outcome, figures, recorded, rules)
        if outcome.new:
            outcome.findings.append(new_finding(figures.subject, ", ".join(outcome.new)))
        return outcome

    def _judge_latency(
        self, outcome: Outcome, figures: Figures, recorded: Recorded, rules: Mapping[str, Rule]
    ) -> None:
        baseline, remark, mismatch = comparable_latency(figures, recorded, self._run_facts)
        latency = Outcome()
        if figures.latency is Kind.EXACT and (baseline or mismatch is None):
            self._compare(latency, self._timed, figures, recorded, baseline, rules, remark)
        if mismatch is None or latency.fails:
            outcome.add(latency)
        else:
            outcome.findings.append(mismatch)

    def _compare(
        self,
        outcome: Outcome,
        metrics: list[Metric],
        figures: Figures,
        recorded: Recorded,
        baseline: Mapping[str, float],
        rules: Mapping[str, Rule],
        remark: str = "",
    ) -> None:
        measured = figures.timed if metrics is self._timed else figures.values
        for metric in metrics:
            own = rules.get(metric.name)
            rule = self._by_default[metric.name] if own is None else settled(own, metric)
            if not rule.gated:
                continue
            before, now = baseline.get(metric.name), measured.get(metric.name)
            if metric.sparse and before != now and metric.name not in figures.unknown:
                before, now = before or 0, now or 0
            if before == now:
                outcome.passed += [] if now is None else [metric.name]
                continue
            case = _ChangedFigure(figures, metric, rule, before, now, remark)
            if now is not None and not isfinite(now):
                outcome.findings.append(case.no_number())
            elif before is None:
                outcome.new.append(metric.name)
            elif now is None:
                outcome.findings.append(case.unknown())
            else:
                case.judge(outcome, before, now, self._split(metric, figures, recorded))

    def _split(self, metric: Metric, figures: Figures, recorded: Recorded) -> CostSplit | None:
        if metric.family is not Family.COST or self._repricing is None:
            return None
        return self._repricing.split(recorded.models, figures.models)


@dataclass(frozen=True, slots=True)
class _ChangedFigure:
    """A figure that is not what it was; None where it was, or is, unknown."""

    figures: Figures
    metric: Metric
    rule: Rule
    before: float | None
    now: float | None
    remark: str

    def judge(self, outcome: Outcome, before: float, now: float, split: CostSplit | None) -> None:
        """Put it where it belongs; a cost without what only the price table did."""
        change = way_between(before, now, self.metric)
        if split is not None:
            if split.price_table:
                outcome.price_table[self.metric.name] = split.price_table
            before, now = split.baseline, split.baseline + split.quantity + split.model
        if self.metric.is_worse(now, limit_of(before, self.rule, self.metric)):
            outcome.findings.append(self._finding(Verdict.FAIL, change, self._why(split)))
        elif now != before and not self.metric.is_worse(now, before):
            reason = "better than the baseline"
            outcome.findings.append(self._finding(Verdict.IMPROVED, change, reason))
        else:
            outcome.passed.append(self.metric.name)

    def no_number(self) -> Finding:
        change = f"{written(self.before, self.metric)} -> {self.now}"
        finding = self._finding(Verdict.FAIL, change, "it is no number")
        return replace(finding, advice="mend what measures it")

    def unknown(self) -> Finding:
        why = self.figures.unknown.get(self.metric.name, "nothing was measured")
        change = f"{written(self.before, self.metric)} -> unknown"
        return self._finding(Verdict.MISSING, change, why)

    def _finding(self, verdict: Verdict, change: str, reason: str) -> Finding:
        return Finding(
            verdict=verdict,
            subject=self.figures.subject,
            metric=self.metric.name,
            kind=Kind.EXACT,
            baseline=self.before,
            now=self.now,
            change=change,
            reason=reason,
            advice=how_to_accept(selection_of(self.figures.subject)),
        )

    def _why(self, split: CostSplit | None) -> str:
        allowance = self.rule.allowance or NOTHING
        over = f"{allowance.text} allowed" if allowance is not NOTHING else ""
        cause = self.remark or self.metric.explain(self.figures.values)
        return "; ".join(filter(None, (self._parts(split) if split else cause, over)))

    def _parts(self, split: CostSplit) -> str:
        parts = {
            "a larger quantity": split.quantity,
            "a dearer model": split.model,
            "the price table": split.price_table,
        }
        return ", ".join(
            f"{written(part, self.metric)} by {name}" for name, part in parts.items() if part
        )


def limit_of(before: float, rule: Rule, metric: Metric) -> float | Fraction:
    """Return the worst figure that is allowed beside a baseline."""
    if rule.allowance is None or rule.allowance is NOTHING:
        return before
    room = rule.allowance.of(before)
    return Fraction(before) + (-room if metric.higher_is_better else room)


def _are_equal(figures: Figures, recorded: Recorded) -> bool:
    return (
        figures.counts is Kind.EXACT
        and figures.latency is Kind.EXACT
        and figures.values == recorded.values
        and figures.timed == recorded.timed.get(figures.how)
    )


def _gone_live(figures: Figures) -> Finding:
    return Finding(
        verdict=Verdict.ENV_MISMATCH,
        subject=figures.subject,
        kind=figures.counts,
        reason=figures.remark
        or "the baseline holds figures of mocked or replayed calls, these are live",
        advice="run with the mocks or cassettes of the baseline",
    )


def new_finding(subject: str, metric: str | None = None) -> Finding:
    """Make the finding of what the baseline does not know."""
    return Finding(
        verdict=Verdict.NEW,
        subject=subject,
        metric=metric,
        reason="not in the baseline",
        advice=how_to_accept(selection_of(subject)),
    )
