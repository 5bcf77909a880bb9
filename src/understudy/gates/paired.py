"""The rule for the accuracy of predictions for live calls: call by call, before and now."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass
from math import isfinite
from typing import TYPE_CHECKING, NamedTuple, TypeAlias, TypeVar

from ..stats import sign_flip_p, smape_percent
from ._finding import Finding, Statistics, Verdict
from ._metric import Figures, Kind, Metric
from .policy import Rule, settled

if TYPE_CHECKING:
    from ._past_runs import PastRuns

    Pairs = dict[tuple[str, int], tuple[int, int]]

__all__ = ["PairedRule", "PairedVerdict"]

#: Tokens predicted, and tokens that came.
Pair: TypeAlias = "tuple[float, float]"
#: What identifies a call in both runs.
Call = TypeVar("Call", bound=Hashable)

_RUN = "run"


@dataclass(frozen=True, slots=True)
class PairedVerdict:
    """What is said of the SMAPE of one group of calls, 0 to 200 points.

    Attributes:
        points: mean change of SMAPE over the calls that both runs made; positive is worse.
        by_predictor: how much of it comes of other predictions.
        by_actuals: how much of it comes of other answers; the two sum up to `points`.
        p: how likely a change as large in the direction of the verdict is by chance.
        pairs: how many calls both runs made.
        unmatched: how many only one of them made; they are not compared.
    """

    key: str
    verdict: Verdict
    reason: str
    points: float | None = None
    by_predictor: float | None = None
    by_actuals: float | None = None
    p: float | None = None
    pairs: int = 0
    unmatched: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PairedRule:
    """The mean change of SMAPE over the calls of both runs, by the sign-flip test.

    Attributes:
        level: the change is chance where p is not below it.
        least_points: a smaller change is no regression, however sure.
        least_pairs: fewer calls are INCONCLUSIVE.
    """

    level: float = 0.01
    least_points: float = 2.0
    least_pairs: int = 20

    def judge(
        self,
        key: str,
        before: Mapping[Call, Pair],
        now: Mapping[Call, Pair],
        *,
        exact: bool = False,
    ) -> PairedVerdict:
        """Judge one group of calls: (predicted, actual) tokens by what identifies a call.

        Args:
            key: the name of the group.
            before: the calls of the baseline.
            now: the calls of this run; those with another identity are not compared.
            exact: the answers were replayed, so that no change is chance.
        """
        found = _changes(before, now)
        unmatched = len(before) + len(now) - 2 * len(found)
        if not before:
            return PairedVerdict(key, Verdict.NEW, "not in the baseline", unmatched=unmatched)
        if not now:
            reason = "in the baseline, but no call of this run has a prediction"
            return PairedVerdict(key, Verdict.MISSING, reason, unmatched=unmatched)
        if not found:
            reason = "no call is the same as one of the baseline"
            return PairedVerdict(key, Verdict.INCONCLUSIVE, reason, unmatched=unmatched)
        points, by_predictor, by_actuals = (
            sum(part) / len(found) for part in zip(*found, strict=True)
        )
        direction = 1 if points >= 0 else -1
        p = None if exact else sign_flip_p([direction * each.points for each in found])
        verdict, reason = self._decide(points, p, len(found))
        return PairedVerdict(
            key, verdict, reason, points, by_predictor, by_actuals, p, len(found), unmatched
        )

    def _decide(self, points: float, p: float | None, pairs: int) -> tuple[Verdict, str]:
        """Return verdict and reason; p is None where nothing is left to chance."""
        if p is not None and pairs < self.least_pairs:
            reason = f"{self.least_pairs} calls are needed, {pairs} are the same"
            return Verdict.INCONCLUSIVE, reason
        if p is not None and (p >= self.level or abs(points) < self.least_points):
            return Verdict.PASS, ""
        if points > 0:
            return Verdict.FAIL, f"predictions are worse by {points:.1f} points of SMAPE"
        if points < 0:
            return Verdict.IMPROVED, f"predictions are better by {-points:.1f} points of SMAPE"
        return Verdict.PASS, ""


class _Change(NamedTuple):
    """Points of SMAPE of one call: the change, and its parts."""

    points: float
    by_predictor: float
    by_actuals: float


def _changes(before: Mapping[Call, Pair], now: Mapping[Call, Pair]) -> list[_Change]:
    """Return the change of each call that both have with finite numbers, as `before` has them."""
    found = [_change(before[call], now[call]) for call in before if call in now]
    return [change for change in found if isfinite(change.points)]


def _change(before: Pair, now: Pair) -> _Change:
    """Split by Shapley's value: each part is the mean over both orders of changing them."""
    predicted, actual = before
    later_predicted, later_actual = now
    old, new = smape_percent(predicted, actual), smape_percent(later_predicted, later_actual)
    other_prediction = smape_percent(later_predicted, actual)
    other_answer = smape_percent(predicted, later_actual)
    by_predictor = (other_prediction - old + new - other_answer) / 2
    return _Change(new - old, by_predictor, new - old - by_predictor)


def judge_accuracy(
    metric: Metric, figures: Mapping[str, Figures], past: PastRuns, rule: Rule | None
) -> Iterator[Finding]:
    """Yield the verdict on all live predictions together, and on tests with enough of them.

    The call is known by its test and its place in it, and held against the same of the last run.
    """
    wanted = settled(rule, metric)
    live = {name: each.pairs for name, each in figures.items() if each.accuracy is Kind.PAIRED}
    now = _flat(live)
    if not now or not wanted.gated:
        return
    last = {name: own for run in past.runs for name, own in run.pairs.items()}
    points = float(wanted.allowance.amount / metric.scale) if wanted.allowance else 0.0
    judge = PairedRule(least_points=max(points, PairedRule().least_points))
    known = {call: pair for call, pair in _flat(last).items() if call[0] in live}
    yield _finding(metric, judge.judge(_RUN, known, now))
    for name in live:
        own = {call: pair for call, pair in now.items() if call[0] == name}
        old = {call: pair for call, pair in known.items() if call[0] == name}
        if min(len(own), len(old)) >= judge.least_pairs:
            yield _finding(metric, judge.judge(name, old, own))


def _flat(pairs: Mapping[str, list[tuple[int, int]]]) -> Pairs:
    return {(name, place): pair for name, own in pairs.items() for place, pair in enumerate(own)}


def _finding(metric: Metric, found: PairedVerdict) -> Finding:
    points = found.points
    change = "" if points is None else f"{points:+.1f} points over {found.pairs} calls"
    parts = ""
    if found.by_predictor is not None and found.by_actuals is not None:
        parts = (
            f"{found.by_predictor:+.1f} by other predictions,"
            f" {found.by_actuals:+.1f} by other answers"
        )
    return Finding(
        verdict=found.verdict,
        subject=found.key,
        metric=metric.name,
        kind=Kind.PAIRED,
        baseline=None if points is None else 0,
        now=points,
        change=change,
        reason="; ".join(filter(None, (found.reason, parts))),
        advice="look at the estimator; new runs of this machine become the baseline"
        if found.verdict is Verdict.FAIL
        else "",
        statistics=Statistics(p=found.p),
    )
