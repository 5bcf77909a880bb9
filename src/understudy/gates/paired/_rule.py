"""Decides whether predictions for live calls became worse."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ...stats import sign_flip_p
from .._verdict import Verdict
from ._change import changes
from ._report import PairedVerdict

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ._change import Call, Pair


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
        found = changes(before, now)
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
        if p is None:
            return _by_sign(points)
        if pairs < self.least_pairs:
            return (
                Verdict.INCONCLUSIVE,
                f"{self.least_pairs} calls are needed, {pairs} are the same",
            )
        if p >= self.level or abs(points) < self.least_points:
            return Verdict.PASS, ""
        return _by_sign(points)


def _by_sign(points: float) -> tuple[Verdict, str]:
    if points > 0:
        return Verdict.FAIL, f"predictions are worse by {points:.1f} points of SMAPE"
    if points < 0:
        return Verdict.IMPROVED, f"predictions are better by {-points:.1f} points of SMAPE"
    return Verdict.PASS, ""
