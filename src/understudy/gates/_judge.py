"""The gate: figures of a run, a baseline, a policy; out comes a judgement."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from ._absent import Absences
from ._exact import ExactRule
from ._finding import Finding, Judgement, how_to_accept, selection_of, worst_first
from ._group_rule import judge_budgets, judge_groups
from ._groups import groups_of
from ._limits import judge_ceilings
from ._live import LiveRule
from ._live_accuracy import judge_accuracy
from ._metric import METRICS, Kind
from ._number_format import counted, written
from ._past_runs import PastRuns
from ._run import FIXTURE
from ._unused import unused_parts
from ._verdict import Verdict
from .baseline import Baseline, Recorded
from .policy import DEFAULT_POLICY

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ._cost_split import Repricing
    from ._figures import Figures
    from ._live import Samples
    from ._metric import Metric
    from ._run import RanTest, RunFacts
    from .policy import Policy, Rule

_CREATE: Final = 'pytest --llm-update-baseline --llm-reason="first baseline"'


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
        """Judge the figures of a run."""
        return _Judging(self, figures, run_facts).judgement()


class _Judging:
    """One judgement in the making."""

    def __init__(self, gate: Gate, figures: Mapping[str, Figures], run_facts: RunFacts) -> None:
        self._gate = gate
        self._run_facts = run_facts
        self._all = figures
        self._figures = {
            name: each for name, each in figures.items() if self._counts(name, run_facts.tests)
        }
        self._rules = {name: self._rules_of(name) for name in self._figures}
        self._findings: list[Finding] = []
        self._passed: dict[str, tuple[str, ...]] = {}
        self._notes: list[str] = []
        self._flagged: tuple[str, ...] = ()

    def judgement(self) -> Judgement:
        """Judge exact figures, live ones, limits, and what is not there."""
        self._judge_exact()
        self._judge_live()
        self._judge_limits()
        self._judge_absent()
        self._say_what_is_only_shown()
        judgement = self._made()
        if judgement.compared or any(each.verdict.colour != "green" for each in self._findings):
            return judgement
        self._findings.append(self._nothing())
        return self._made()

    def _made(self) -> Judgement:
        return Judgement(
            findings=tuple(sorted(self._findings, key=worst_first)),
            passed=self._passed,
            notes=tuple(self._notes),
            flagged=self._flagged,
        )

    @staticmethod
    def _counts(subject: str, tests: Mapping[str, RanTest]) -> bool:
        if subject.startswith(FIXTURE):
            return True
        test = tests.get(subject)
        return test is not None and test.has_passed

    def _rules_of(self, subject: str) -> dict[str, Rule]:
        test = self._run_facts.tests.get(subject)
        return self._gate.policy.rules_for(subject, test.rules if test else {})

    def _judge_exact(self) -> None:
        rule = ExactRule(self._gate.metrics, self._run_facts, self._gate.repricing)
        known = self._gate.baseline.tests
        by_price_table, dearer = 0, 0
        for subject, figures in self._figures.items():
            recorded = known.get(subject)
            if recorded is None:
                if figures.counts is Kind.EXACT:
                    self._findings.append(_new(subject))
                continue
            outcome = rule.judge(figures, recorded, self._rules[subject])
            self._findings += outcome.findings
            if outcome.passed:
                self._passed[subject] = tuple(outcome.passed)
            by_price_table += bool(outcome.price_table)
            dearer += outcome.price_table
        if by_price_table:
            words = written(dearer, self._gate.metrics["cost"])
            self._notes.append(
                f"new prices: {counted(by_price_table, 'test')} cost {words} more at the same"
                " quantities and models; that fails nothing, accept it with the next update"
            )

    def _judge_live(self) -> None:
        live = {name: f for name, f in self._figures.items() if f.latency is Kind.NOISY}
        if not live:
            return
        gate = self._gate
        rule = LiveRule(gate.metrics, gate.past, self._rules, gate.confirm)
        outcome = rule.judge(live)
        self._findings += outcome.findings
        for subject, metrics in outcome.passed.items():
            self._passed[subject] = (*self._passed.get(subject, ()), *metrics)
        self._flagged = tuple(sorted(outcome.flagged))
        for finding in judge_accuracy(live, gate.past, gate.policy.everywhere.get("smape")):
            if finding.verdict is Verdict.PASS:
                passed = self._passed.get(finding.subject, ())
                self._passed[finding.subject] = (*passed, "smape")
            else:
                self._findings.append(finding)

    def _judge_limits(self) -> None:
        gate = self._gate
        for subject, figures in self._figures.items():
            if self._rules[subject]:
                self._findings += judge_ceilings(figures, self._rules[subject], gate.metrics)
        self._findings += judge_budgets(gate.policy, self._all, gate.metrics)
        self._findings += judge_groups(
            gate.policy, self._figures, self._run_facts, gate.baseline, gate.metrics
        )

    def _judge_absent(self) -> None:
        absences = Absences(self._gate.baseline, self._all, self._run_facts)
        not_run = 0
        for recorded in self._expected():
            if recorded.subject in self._figures:
                continue
            finding = absences.explain(recorded)
            if finding is not None:
                self._findings.append(finding)
            else:
                not_run += 1
        if not_run:
            self._notes.append(f"{counted(not_run, 'test')} of the baseline did not run")
        if absences.is_whole and self._gate.baseline.tests:
            self._notes += self._unused()

    def _unused(self) -> Iterator[str]:
        policy = self._gate.policy
        tests = {*self._run_facts.tests, *self._gate.baseline.tests, *self._all}
        groups = groups_of(self._figures, self._run_facts.tests) if policy.groups else {}
        return unused_parts(policy, tests, groups)

    def _expected(self) -> Iterator[Recorded]:
        """Yield what the baseline knows, and the last live run besides."""
        known = self._gate.baseline.tests
        yield from known.values()
        if self._gate.past.runs:
            for subject in self._gate.past.runs[-1].samples:
                if subject not in known:
                    yield Recorded(subject)

    def _say_what_is_only_shown(self) -> None:
        remarks: dict[str, int] = {}
        for figures in self._figures.values():
            if figures.remark:
                remarks[figures.remark] = remarks.get(figures.remark, 0) + 1
        for remark, number in remarks.items():
            self._notes.append(f"shown, not judged, in {counted(number, 'test')}: {remark}")
        self._say_what_is_unknown()

    def _say_what_is_unknown(self) -> None:
        """Name costs and the user's own figures that are missing where no baseline misses them."""
        unknown: dict[tuple[str, str], int] = {}
        for figures in self._figures.values():
            for metric, why in figures.unknown.items():
                if metric == "cost" or self._gate.metrics[metric].measure is not None:
                    unknown[metric, why] = unknown.get((metric, why), 0) + 1
        for (metric, why), number in unknown.items():
            self._notes.append(f"{metric} unknown in {counted(number, 'test')}: {why}")

    def _nothing(self) -> Finding:
        gate = self._gate
        advice = f"run `{_CREATE}` once, and commit the folder"
        if not gate.baseline.tests and not gate.past.runs:
            reason = "there is no baseline, or it is empty"
        elif not self._all:
            reason = "no test made an LLM call that was recorded"
            advice = "select tests of the baseline, and record their calls"
        elif not self._figures:
            reason = "no test that made an LLM call passed"
            advice = "make the tests pass"
        else:
            reason = "no test that ran is in the baseline with figures that can be judged"
        return Finding(
            verdict=Verdict.NO_COMPARISON,
            subject="run",
            reason=f"nothing was compared: {reason}",
            advice=advice,
        )


def _new(subject: str) -> Finding:
    return Finding(
        verdict=Verdict.NEW,
        subject=subject,
        reason="not in the baseline",
        advice=how_to_accept(selection_of(subject)),
    )
