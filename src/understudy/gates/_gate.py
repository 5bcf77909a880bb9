"""The gate: figures of a run, a baseline, a policy; out comes a judgement."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from ..errors import counted
from ._absent import Absences
from ._exact import ExactRule, new_finding
from ._finding import Finding, Judgement, Verdict, worst_first
from ._groups import groups_of
from ._limits import judge_budgets, judge_ceilings, judge_groups
from ._live import LiveRule
from ._metric import Family, Figures, Kind, Metric
from ._metrics import METRICS
from ._number_format import written
from ._past_runs import PastRuns, Samples
from ._run import FIXTURE, RunFacts
from .baseline import Baseline, Recorded
from .paired import judge_accuracy
from .policy import DEFAULT_POLICY, Policy, Rule

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from ._cost_split import Repricing

_CREATE: Final = 'pytest --llm-update-baseline --llm-reason="first baseline"'


class _JudgedRun:
    """The run that is judged: its figures, those that count and their rules; and what was found."""

    def __init__(self, policy: Policy, figures: Mapping[str, Figures], run_facts: RunFacts) -> None:
        tests = run_facts.tests
        self.run_facts = run_facts
        self.all = figures
        self.figures = {
            name: each
            for name, each in figures.items()
            if name.startswith(FIXTURE) or (name in tests and tests[name].has_passed)
        }
        self.rules: dict[str, dict[str, Rule]] = {
            name: policy.rules_for(name, tests[name].rules if name in tests else {})
            for name in self.figures
        }
        self.findings: list[Finding] = []
        self.passed: dict[str, tuple[str, ...]] = {}
        self.notes: list[str] = []
        self.flagged: tuple[str, ...] = ()

    def let_pass(self, subject: str, metrics: Iterable[str]) -> None:
        self.passed[subject] = (*self.passed.get(subject, ()), *metrics)

    def judgement(self) -> Judgement:
        return Judgement(
            findings=tuple(sorted(self.findings, key=worst_first)),
            passed=self.passed,
            notes=tuple(self.notes),
            flagged=self.flagged,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """What a run is judged by.

    `past` are earlier runs with live calls, `confirm` the live samples of fresh runs of the
    tests that a first judgement flagged. Without `repricing` a cost is compared as it is.
    """

    baseline: Baseline
    policy: Policy = DEFAULT_POLICY
    metrics: Mapping[str, Metric] = field(default_factory=lambda: METRICS)
    past: PastRuns = field(default_factory=PastRuns)
    confirm: Sequence[Samples] = ()
    repricing: Repricing | None = None

    def judge(self, figures: Mapping[str, Figures], run_facts: RunFacts) -> Judgement:
        """Judge the figures of a run: exact ones, live ones, limits, and what is not there."""
        run = _JudgedRun(self.policy, figures, run_facts)
        self._judge_exact(run)
        self._judge_live(run)
        self._judge_limits(run)
        self._judge_absent(run)
        run.notes += _only_shown(run)
        run.notes += self._unknown(run)
        judgement = run.judgement()
        if judgement.compared or any(each.verdict.colour != "green" for each in run.findings):
            return judgement
        run.findings.append(self._nothing_compared(run))
        return run.judgement()

    def _judge_exact(self, run: _JudgedRun) -> None:
        rule = ExactRule(self.metrics, run.run_facts, self.repricing)
        dearer: dict[str, list[int]] = {}
        for subject, figures in run.figures.items():
            recorded = self.baseline.tests.get(subject)
            if recorded is None:
                if figures.counts is Kind.EXACT:
                    run.findings.append(new_finding(subject))
                continue
            outcome = rule.judge(figures, recorded, run.rules[subject])
            run.findings += outcome.findings
            if outcome.passed:
                run.let_pass(subject, outcome.passed)
            for name, part in outcome.price_table.items():
                dearer.setdefault(name, []).append(part)
        for name, parts in dearer.items():
            words = written(sum(parts), self.metrics[name])
            run.notes.append(
                f"new prices: {counted(len(parts), 'test')} cost {words} more at the same"
                " quantities and models; that fails nothing, accept it with the next update"
            )

    def _judge_live(self, run: _JudgedRun) -> None:
        live = {name: f for name, f in run.figures.items() if f.latency is Kind.NOISY}
        if not live:
            return
        outcome = LiveRule(self.metrics, self.past, run.rules, self.confirm).judge(live)
        run.findings += outcome.findings
        for subject, passed in outcome.passed.items():
            run.let_pass(subject, passed)
        run.flagged = tuple(sorted(outcome.flagged))
        for metric in self.metrics.values():
            if metric.family is not Family.ACCURACY:
                continue
            rule = self.policy.everywhere.get(metric.name)
            for finding in judge_accuracy(metric, live, self.past, rule):
                if finding.verdict is Verdict.PASS:
                    run.let_pass(finding.subject, [metric.name])
                else:
                    run.findings.append(finding)

    def _judge_limits(self, run: _JudgedRun) -> None:
        for subject, figures in run.figures.items():
            if run.rules[subject]:
                run.findings += judge_ceilings(figures, run.rules[subject], self.metrics)
        run.findings += judge_budgets(self.policy, run.all, self.metrics)
        run.findings += judge_groups(
            self.policy, run.figures, run.run_facts, self.baseline, self.metrics
        )

    def _judge_absent(self, run: _JudgedRun) -> None:
        absences = Absences(self.baseline, run.all, run.run_facts)
        explained = [
            absences.explain(each) for each in self._expected() if each.subject not in run.figures
        ]
        run.findings += [finding for finding in explained if finding is not None]
        not_run = explained.count(None)
        if not_run:
            run.notes.append(f"{counted(not_run, 'test')} of the baseline did not run")
        if absences.is_whole and self.baseline.tests:
            tests = {*run.run_facts.tests, *self.baseline.tests, *run.all}
            has_groups = bool(self.policy.groups)
            groups = groups_of(run.figures, run.run_facts.tests) if has_groups else {}
            run.notes += self.policy.unused(tests, groups)

    def _expected(self) -> Iterator[Recorded]:
        """Yield what the baseline knows, and the last live run besides."""
        known = self.baseline.tests
        yield from known.values()
        if self.past.runs:
            for subject in self.past.runs[-1].samples:
                if subject not in known:
                    yield Recorded(subject)

    def _unknown(self, run: _JudgedRun) -> Iterator[str]:
        """Name costs and the user's own figures that are missing where no baseline misses them."""
        unknown = Counter(
            (name, why)
            for figures in run.figures.values()
            for name, why in figures.unknown.items()
            if self.metrics[name].family is Family.COST or self.metrics[name].is_registered
        )
        for (name, why), number in unknown.items():
            yield f"{name} unknown in {counted(number, 'test')}: {why}"

    def _nothing_compared(self, run: _JudgedRun) -> Finding:
        advice = f"run `{_CREATE}` once, and commit the folder"
        if not self.baseline.tests and not self.past.runs:
            reason = "there is no baseline, or it is empty"
        elif not run.all:
            reason = "no test made an LLM call that was recorded"
            advice = "select tests of the baseline, and record their calls"
        elif not run.figures:
            reason = "no test that made an LLM call passed"
            advice = "make the tests pass"
        else:
            reason = "no test that ran is in the baseline with figures that can be judged"
        return nothing_compared(reason, advice)


def nothing_compared(reason: str, advice: str) -> Finding:
    """Make the finding of a run that was held against nothing: it is red."""
    return Finding(
        verdict=Verdict.NO_COMPARISON,
        subject="run",
        reason=f"nothing was compared: {reason}",
        advice=advice,
    )


def _only_shown(run: _JudgedRun) -> Iterator[str]:
    remarks = Counter(each.remark for each in run.figures.values() if each.remark)
    for remark, number in remarks.items():
        yield f"shown, not judged, in {counted(number, 'test')}: {remark}"
