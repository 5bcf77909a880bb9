"""SMAPE of live calls: each prediction against the same call of the last run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ._finding import Finding, Statistics
from ._metric import METRICS, Kind
from ._verdict import Verdict
from .paired import PairedRule
from .policy import settled

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ._figures import Figures
    from ._past_runs import PastRuns
    from .paired import PairedVerdict
    from .policy import Rule

    Pairs = dict[tuple[str, int], tuple[int, int]]

_SMAPE: Final = METRICS["smape"]
_RUN: Final = "run"


def judge_accuracy(
    figures: Mapping[str, Figures], past: PastRuns, rule: Rule | None
) -> Iterator[Finding]:
    """Yield the verdict on all live predictions together, and on tests with enough of them.

    The call is known by its test and its place in it.
    """
    wanted = settled(rule, _SMAPE)
    live = {name: each.pairs for name, each in figures.items() if each.accuracy is Kind.PAIRED}
    now = _flat(live)
    if not now or not wanted.gated:
        return
    before = _flat(_last_pairs(past))
    points = float(wanted.allowance.amount / _SMAPE.scale) if wanted.allowance else 0.0
    judge = PairedRule(least_points=max(points, PairedRule().least_points))
    known = {call: pair for call, pair in before.items() if call[0] in live}
    yield _finding(judge.judge(_RUN, known, now))
    for name in live:
        own = {call: pair for call, pair in now.items() if call[0] == name}
        old = {call: pair for call, pair in known.items() if call[0] == name}
        if min(len(own), len(old)) >= judge.least_pairs:
            yield _finding(judge.judge(name, old, own))


def _last_pairs(past: PastRuns) -> dict[str, list[tuple[int, int]]]:
    last: dict[str, list[tuple[int, int]]] = {}
    for run in past.runs:
        last.update(run.pairs)
    return last


def _flat(pairs: Mapping[str, list[tuple[int, int]]]) -> Pairs:
    return {(name, place): pair for name, own in pairs.items() for place, pair in enumerate(own)}


def _finding(said: PairedVerdict) -> Finding:
    points = said.points
    change = "" if points is None else f"{points:+.1f} points over {said.pairs} calls"
    parts = ""
    if said.by_predictor is not None and said.by_actuals is not None:
        parts = (
            f"{said.by_predictor:+.1f} by other predictions,"
            f" {said.by_actuals:+.1f} by other answers"
        )
    return Finding(
        verdict=said.verdict,
        subject=said.key,
        metric=_SMAPE.name,
        kind=Kind.PAIRED,
        baseline=None if points is None else 0,
        now=points,
        change=change,
        reason="; ".join(filter(None, (said.reason, parts))),
        advice="look at the estimator; new runs of this machine become the baseline"
        if said.verdict is Verdict.FAIL
        else "",
        statistics=Statistics(p=said.p),
    )
