"""The rules for figures of live calls, which scatter: over runs, and over pairs of calls."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from math import exp, fsum
from typing import TYPE_CHECKING, Final

from ._finding import Finding, Statistics, Verdict
from ._metric import Family, Figures, Kind, Metric
from ._number_format import written
from ._past_runs import PastRun, PastRuns, Samples, live_samples
from .noisy import NoisyRule, NoisyVerdict, SuiteShift, Timings, run_figure
from .policy import Rule, settled

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


_SUITE: Final = "run"
#: From here on a figure is written without decimals.
_LARGE: Final = 100
_RECORD: Final = (
    "add runs of this machine with"
    ' `pytest --llm-gate --llm-update-baseline --llm-reason="..."`, three at least'
)
_FRESH: Final = "add `--llm-gate-reruns=4`, or `--llm-budget=USD`: fresh processes then decide"
_RERUN: Final = (
    "look at what changed; to accept it, record new runs of this machine with"
    ' `pytest --llm-update-baseline --llm-reason="why this is right"`'
)


@dataclass(frozen=True, slots=True)
class LiveOutcome:
    """What came of all live tests together."""

    findings: list[Finding] = field(default_factory=list)
    passed: dict[str, list[str]] = field(default_factory=dict)
    flagged: set[str] = field(default_factory=set)


class LiveRule:
    """Judges the live tests of a run against earlier runs on the same machine."""

    def __init__(
        self,
        metrics: Mapping[str, Metric],
        past: PastRuns,
        rules: Mapping[str, Mapping[str, Rule]],
        confirm: Sequence[Samples] = (),
    ) -> None:
        self._metrics = metrics
        self._past = past
        self._rules = rules
        self._confirm = confirm

    def judge(self, figures: Mapping[str, Figures]) -> LiveOutcome:
        """Judge each metric over all tests that have it, as one family of tests."""
        outcome = LiveOutcome()
        now: Samples = {}
        for subject, each in figures.items():
            if self._is_known(subject, outcome):
                now[subject] = live_samples(each)
        for metric in self._metrics.values():
            chosen = {
                subject: samples[metric.name]
                for subject, samples in now.items()
                if metric.name in samples and self._rule(subject, metric).gated
            }
            if chosen:
                self._judge_family(metric, chosen, outcome)
        return outcome

    def _is_known(self, subject: str, outcome: LiveOutcome) -> bool:
        if any(subject in run.samples for run in self._past.runs):
            return True
        verdict, reason = Verdict.NEW, "no run of this machine has figures of its live calls"
        if subject in self._past.elsewhere:
            verdict, reason = Verdict.ENV_MISMATCH, "its baseline was taken on another machine"
        outcome.findings.append(
            Finding(
                verdict=verdict, subject=subject, kind=Kind.NOISY, reason=reason, advice=_RECORD
            )
        )
        return False

    def _judge_family(
        self, metric: Metric, chosen: Mapping[str, list[float]], outcome: LiveOutcome
    ) -> None:
        timings = {}
        sign = -1 if metric.higher_is_better else 1
        for subject, samples in chosen.items():
            past = self._samples_of(subject, metric, self._past.runs)
            if _are_zero(samples) or _are_zero(*past):
                self._judge_zero(subject, metric, samples, past, outcome)
            else:
                again = [run.get(subject, {}).get(metric.name, []) for run in self._confirm]
                confirm = [each for each in again if each]
                timings[subject] = Timings(
                    *(_run_figures(runs, sign) for runs in (past, [samples], confirm))
                )
        worse, better = metric.words
        report = NoisyRule(worse=worse, better=better).judge(timings)
        outcome.flagged.update(report.flagged)
        if report.suite is not None:
            outcome.findings.append(_shifted(metric, report.suite))
        for subject, found in report.verdicts.items():
            self._take(metric, found, timings[subject], outcome)

    def _take(
        self, metric: Metric, found: NoisyVerdict, timings: Timings, outcome: LiveOutcome
    ) -> None:
        subject, verdict = found.key, found.verdict
        before = _centre(timings.baseline, metric)
        now = _centre(timings.confirm or timings.candidate, metric)
        if verdict is Verdict.FAIL and self._is_allowed(subject, metric, before, now):
            verdict = Verdict.PASS
        if verdict is Verdict.PASS:
            outcome.passed.setdefault(subject, []).append(metric.name)
            return
        finding = replace(
            _compared(verdict, subject, metric, before, now),
            change=_change_between(metric, before, now),
            reason=_why(found),
            advice=_advice(found, verdict),
            statistics=found.statistics,
        )
        outcome.findings.append(finding)

    def _is_allowed(
        self, subject: str, metric: Metric, before: float | None, now: float | None
    ) -> bool:
        allowance = self._rule(subject, metric).allowance
        if allowance is None or before is None or now is None:
            return False
        growth = before - now if metric.higher_is_better else now - before
        return growth <= float(allowance.of(before))

    def _judge_zero(
        self,
        subject: str,
        metric: Metric,
        samples: Sequence[float],
        past: Sequence[Sequence[float]],
        outcome: LiveOutcome,
    ) -> None:
        """Judge figures that have no ratio: from nothing to something, or the other way."""
        before = max((sample for each in past for sample in each), default=0)
        now = max(samples)
        if not metric.is_worse(now, before):
            outcome.passed.setdefault(subject, []).append(metric.name)
            return
        finding = _compared(Verdict.FAIL, subject, metric, before, now)
        change = f"{written(before, metric)} -> {written(now, metric)}"
        reason = f"it was {'not ' if before else ''}0 in all of {len(past)} runs"
        outcome.findings.append(replace(finding, change=change, reason=reason))

    def _rule(self, subject: str, metric: Metric) -> Rule:
        return settled(self._rules.get(subject, {}).get(metric.name), metric)

    def _samples_of(
        self, subject: str, metric: Metric, runs: Sequence[PastRun]
    ) -> list[list[float]]:
        found = [run.samples.get(subject, {}).get(metric.name) for run in runs]
        return [samples for samples in found if samples]


def _are_zero(*runs: Sequence[float]) -> bool:
    return bool(runs) and all(sample == 0 for samples in runs for sample in samples)


def _run_figures(runs: Sequence[Sequence[float]], sign: int) -> tuple[float | None, ...]:
    """Return one figure a run, turned so that more is worse."""
    figures = map(run_figure, runs)
    return tuple(None if figure is None else sign * figure for figure in figures)


def _advice(found: NoisyVerdict, verdict: Verdict) -> str:
    if found.needs_rerun and verdict is Verdict.INCONCLUSIVE:
        return _FRESH
    return _RECORD if verdict is Verdict.INCONCLUSIVE else _RERUN


def _shifted(metric: Metric, suite: SuiteShift) -> Finding:
    worse, better = metric.words
    word = worse if suite.is_slower else better
    verdict = Verdict.SUITE_SHIFT if suite.is_slower else Verdict.IMPROVED
    return replace(
        _compared(verdict, _SUITE, metric, 1, suite.ratio),
        change=f"{suite.ratio - 1:+.1%}".replace("%", " %"),
        reason=f"all live tests became {word} as one: the provider, the network, this machine?",
        statistics=Statistics(ratio=suite.ratio, p=suite.p),
    )


def _compared(
    verdict: Verdict, subject: str, metric: Metric, before: float | None, now: float | None
) -> Finding:
    return Finding(
        verdict=verdict,
        subject=subject,
        metric=metric.name,
        kind=Kind.NOISY,
        baseline=before,
        now=now,
        advice=_RERUN,
    )


def _centre(figures: Sequence[float | None], metric: Metric) -> float | None:
    """Return the middle of runs, in the metric's stored unit; of a latency, that of a call."""
    known = [figure for figure in figures if figure is not None]
    if not known:
        return None
    sign = -1 if metric.higher_is_better else 1
    return exp(sign * fsum(known) / len(known)) * _scale(metric)


def _change_between(metric: Metric, before: float | None, now: float | None) -> str:
    """Write both ends: `64.1 ms -> 75.7 ms a call (+18.1 %)`."""
    if before is None or now is None:
        return ""
    ends = " -> ".join(_rounded(end, metric) for end in (before, now))
    a_call = " a call" if metric.family is Family.LATENCY else ""
    share = f"{now / before - 1:+.1%}".replace("%", " %")
    return f"{ends}{a_call} ({share})"


def _why(found: NoisyVerdict) -> str:
    """Say why it is significant, where it fails."""
    p, q = found.statistics.p, found.statistics.q
    if found.verdict is not Verdict.FAIL or p is None or q is None:
        return found.reason
    return f"{found.reason}; p = {p:.1g}, q = {q:.1g}"


def _rounded(figure: float, metric: Metric) -> str:
    scale = _scale(metric)
    measured = figure / scale
    kept = round(measured) if measured >= _LARGE else float(f"{measured:.3g}")
    return written(kept * scale, metric)


def _scale(metric: Metric) -> int:
    """Return by what a sample is multiplied to be in the stored unit; latencies are in ms."""
    return metric.scale if metric.family is Family.LATENCY else 1
