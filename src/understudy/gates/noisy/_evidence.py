"""How sure it is that runs of a test differ, and how small a difference would have been found."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import log, log1p, sqrt
from typing import TYPE_CHECKING, Final, NamedTuple

from ...stats import (
    benjamini_hochberg,
    detectable_difference,
    least_rank_sum_p,
    rank_sum_p,
    student_isf,
    student_sf,
)
from ._comparison import Comparison, Group, bounded_exp

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ...stats import VariancePrior

#: At most so often a test fails by chance: 0.03 %, well below the 0.05 % that are promised.
RATE: Final = 0.0003
#: One test in twenty of unchanged code is run again.
_SCREEN_LEVEL: Final = 0.05
#: Of the tests that fail, so many are expected to fail by chance.
_FALSE_DISCOVERIES: Final = 0.05
#: The ranks alone must say so at this level, or as clearly as so few runs can.
_RANK_LEVEL: Final = 0.01
#: Fresh runs whose ranks cannot reach even this level are too few to prove anything ...
_LEAST_RANK_LEVEL: Final = 0.04
#: ... but for runs that all take more than twice as long as the slowest of the baseline.
_OUTRIGHT: Final = log(2)
#: As many fresh runs are expected where none were made.
_RERUNS: Final = 4


class Contrast(NamedTuple):
    """A difference of mean log figures, with its standard error and degrees of freedom."""

    difference: float
    error: float
    df: float

    def p_slower(self, margin: float) -> float:
        """Return the p value of more than `margin` slower, 0.05 for 5 %: one-sided t."""
        return student_sf((self.difference - log1p(margin)) / self.error, self.df)

    def is_slower(self, level: float) -> bool:
        """Tell whether it is slower at all at this level, no margin granted."""
        return self.difference > self.error * student_isf(level, self.df)

    @property
    def mirrored(self) -> Contrast:
        """The same, with faster for slower."""
        return self._replace(difference=-self.difference)


def contrast(before: Group, after: Group, prior: VariancePrior) -> Contrast:
    """Compare runs by the moderated t statistic: Smyth (2004), equation 3, two groups.

    The pooled variance of both groups is moderated by `prior`; the error of the difference
    is √(s̃² (1/K + 1/J)), with d₀ + K + J - 2 degrees of freedom.
    """
    runs, more = len(before.figures), len(after.figures)
    df = runs + more - 2
    variance = prior.moderate((before.squares + after.squares) / df, df)
    error = sqrt(variance * (1 / runs + 1 / more))
    return Contrast(after.mean - before.mean, error, prior.df + df)


@dataclass(frozen=True, slots=True)
class NoisyResult:
    """How far runs of a test lie above its baseline, in one direction, and whether that is proof.

    Attributes:
        difference: of the mean log figures; of the fresh runs where they decided, otherwise of
            the candidate.
        p: the product of the p values of the t test with the margin and of the rank-sum
            test; the larger of them where the ranks do not agree.
        q: p, adjusted for the number of tests.
        is_proof: p and the ranks are, each on its own, beyond chance.
        is_flagged: the candidate is slower at all, at 5 %, no margin granted.
        is_confirmed: fresh runs decided, because it is flagged and there are any.
    """

    difference: float
    p: float
    q: float = 1.0
    is_proof: bool = False
    is_flagged: bool = False
    is_confirmed: bool = False

    @property
    def is_proven(self) -> bool:
        """Whether it is slower beyond the margin and chance, the number of tests minded."""
        return self.is_flagged and self.is_proof and self.q <= _FALSE_DISCOVERIES


def find_slower(
    tests: Sequence[Comparison], prior: VariancePrior, margin: float
) -> list[NoisyResult]:
    """Look at all tests; what flagged one has no say in what decides it.

    The run that made a test suspicious is the slowest of many by selection and would prove
    too much: only runs made afterwards count. Mirrored tests are found faster by the same rule.
    """
    found = []
    for test in tests:
        first = contrast(test.baseline, test.candidate, prior)
        if first.is_slower(_SCREEN_LEVEL):
            found.append(_weigh(test, prior, margin))
        else:
            found.append(NoisyResult(first.difference, first.p_slower(margin)))
    q_values = benjamini_hochberg([each.p for each in found])
    return [replace(each, q=q) for each, q in zip(found, q_values, strict=True)]


def _weigh(test: Comparison, prior: VariancePrior, margin: float) -> NoisyResult:
    """Weigh whether a test that is flagged is slower than its baseline by more than `margin`.

    Process-to-process noise has heavy tails, which the t test alone takes for regressions;
    the exact rank-sum test knows no tails but cannot tell 1 % from 50 %. Both must agree.
    Runs that are not fresh were not flagged by others before them, so that more of them
    are needed.
    """
    before, after = test.baseline, test.confirm or test.candidate
    is_fresh = test.confirm is not None
    compared = contrast(before, after, prior)
    p_t = compared.p_slower(margin)
    p_rank = rank_sum_p(before.figures, after.figures)
    least = least_rank_sum_p(len(before.figures), len(after.figures))
    agrees = p_rank <= max(_RANK_LEVEL, least)
    p = p_t * p_rank if agrees else max(p_t, p_rank)
    needed = _LEAST_RANK_LEVEL if is_fresh else _RANK_LEVEL
    enough = least <= needed or min(after.figures) - max(before.figures) > _OUTRIGHT
    return NoisyResult(
        compared.difference,
        p,
        is_proof=agrees and enough and p <= RATE,
        is_flagged=True,
        is_confirmed=is_fresh,
    )


def mde_percent(test: Comparison, prior: VariancePrior, margin: float) -> float:
    """Return the least slowdown in percent that each stage finds with a power of 80 %.

    The larger of what the candidate needs to be flagged, and what fresh runs need to be
    proof, from the moderated variance of the baseline runs.
    """
    variance, df = test.variance
    moderated = prior.moderate(variance, df)
    runs = len(test.baseline.figures)
    reruns = len(test.confirm.figures) if test.confirm else _RERUNS
    level = min(RATE / least_rank_sum_p(runs, reruns), _SCREEN_LEVEL)
    flagged = detectable_difference(
        sqrt(moderated * (1 / runs + 1 / len(test.candidate.figures))),
        prior.df + df,
        level=_SCREEN_LEVEL,
    )
    proven = detectable_difference(
        sqrt(moderated * (1 / runs + 1 / reruns)), prior.df + df + reruns - 1, level=level
    )
    return 100 * (bounded_exp(max(flagged, proven + log1p(margin))) - 1)
