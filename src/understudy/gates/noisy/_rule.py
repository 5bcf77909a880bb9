"""Decides which tests became slower, and which only look so; whether all did as one."""

from __future__ import annotations

from dataclasses import dataclass
from math import log1p
from statistics import median
from typing import TYPE_CHECKING, Final

from ...errors import counted
from ...stats import VariancePrior
from .._finding import Statistics, Verdict
from ._comparison import Comparison, Group, Timings, bounded_exp, compare, group
from ._evidence import RATE, Contrast, NoisyResult, contrast, find_slower, mde_percent
from ._report import NoisyReport, NoisyVerdict, SuiteShift

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


#: Runs of one test differ by some 1.5 %, but that is worth one degree of freedom only.
_PRIOR: Final = VariancePrior(variance=0.015**2, df=1.0)
#: The suite at hand outweighs that prior as soon as it has more tests than this.
_PRIOR_WEIGHT: Final = 20.0
#: Runs do not differ by less than a ten-thousandth: no clock is that sure.
_LEAST_VARIANCE: Final = 1e-8
#: The median of fewer tests is no figure of a suite.
_LEAST_TESTS: Final = 10
#: The median over a suite scatters by half a percent from run to run, as far as one knows.
_SUITE_PRIOR: Final = VariancePrior(variance=0.005**2, df=1.0)
_CONFIRM_LEVEL: Final = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class NoisyRule:
    """Two stages, a margin, and proof before a failure.

    A test whose candidate run looks slower is flagged; runs made after that decide, against
    the hypothesis that it is at most `margin` slower. Why, and where the formulas come
    from: docs/explanation/gates-statistics.md.

    Attributes:
        margin: so much slower is not a regression, 0.05 for 5 %.
        max_mde_percent: a test that passes is INCONCLUSIVE where a slowdown would have to
            be larger than that to be found; None for any.
        worse, better: what a larger and a smaller figure is called.
    """

    margin: float = 0.05
    max_mde_percent: float | None = None
    worse: str = "slower"
    better: str = "faster"

    def judge(self, timings: Mapping[str, Timings]) -> NoisyReport:
        """Judge all tests of a run together."""
        first = {key: compare(key, each) for key, each in timings.items()}
        tests = [each for each in first.values() if isinstance(each, Comparison)]
        suite = suite_shift(tests, self.margin)
        judged = {each.key: each for each in self._judge(tests, suite)}
        verdicts = {
            key: each if isinstance(each, NoisyVerdict) else judged[key]
            for key, each in first.items()
        }
        return NoisyReport(verdicts, suite)

    def _judge(self, tests: Sequence[Comparison], suite: SuiteShift | None) -> list[NoisyVerdict]:
        variances = (test.variance for test in tests)
        prior = _PRIOR.fit(variances, weight=_PRIOR_WEIGHT, floor=_LEAST_VARIANCE)
        slower = find_slower(tests, prior, self.margin)
        faster = find_slower([test.mirrored for test in tests], prior, self.margin)
        return [
            self._verdict(*each, mde_percent(each[0], prior, self.margin), suite)
            for each in zip(tests, slower, faster, strict=True)
        ]

    def _verdict(
        self,
        test: Comparison,
        slower: NoisyResult,
        faster: NoisyResult,
        mde: float,
        suite: SuiteShift | None,
    ) -> NoisyVerdict:
        """Return the verdict. A test that fails on its own fails, whatever the suite does."""
        needs_rerun = slower.is_flagged and not slower.is_confirmed
        is_beyond = slower.difference > log1p(self.margin)
        runs = _runs(test, slower)
        if slower.is_proven:
            verdict = Verdict.FAIL, f"{self.worse} by more than {self._margin}, {runs}"
        elif needs_rerun:
            verdict = Verdict.INCONCLUSIVE, f"looks {self.worse}; only fresh runs can tell"
        elif is_beyond and suite is not None and suite.is_slower:
            moved = f"the whole suite is {self.worse}: {100 * (suite.ratio - 1):+.1f} %"
            verdict = Verdict.SUITE_SHIFT, f"not by itself, but {moved}"
        elif faster.is_proven:
            verdict = Verdict.IMPROVED, f"{self.better} by more than {self._margin}"
        elif slower.is_confirmed and is_beyond:
            doubt = f"looks {self.worse} {runs} too, but that is no proof"
            verdict = Verdict.INCONCLUSIVE, doubt
        elif self.max_mde_percent is not None and mde > self.max_mde_percent:
            verdict = Verdict.INCONCLUSIVE, f"too noisy: would find no less than {mde:+.0f} %"
        else:
            verdict = Verdict.PASS, f"looked {self.worse}, not so {runs}" * slower.is_confirmed
        is_improved = verdict[0] is Verdict.IMPROVED
        decisive, sign = (faster, -1) if is_improved else (slower, 1)
        ratio = bounded_exp(sign * decisive.difference)
        statistics = Statistics(ratio=ratio, p=decisive.p, q=decisive.q, mde_percent=mde)
        return NoisyVerdict(test.key, *verdict, statistics, needs_rerun=needs_rerun)

    @property
    def _margin(self) -> str:
        return f"{100 * self.margin:g} %"


def _runs(test: Comparison, slower: NoisyResult) -> str:
    if slower.is_confirmed and test.confirm:
        return f"in {counted(len(test.confirm.figures), 'fresh run')}"
    return f"in {counted(len(test.candidate.figures), 'run')}"


def suite_shift(tests: Sequence[Comparison], margin: float) -> SuiteShift | None:
    """Return the shift of the median test, where it is beyond the margin and chance.

    The replicate is the run: each has one figure, the median over the tests of the
    difference from the test's own baseline. A moderated t test compares those of the
    candidate with those of the baseline; fresh runs, of ten tests or more, must agree.
    """
    if len(tests) < _LEAST_TESTS:
        return None
    centres = [test.baseline.mean for test in tests]
    before = group(_medians([test.baseline for test in tests], centres))
    after = group(_medians([test.candidate for test in tests], centres))
    now = contrast(before, after, _SUITE_PRIOR)
    rerun = [(test.confirm, test.baseline.mean) for test in tests if test.confirm]
    p = _p_shifted(now, margin)
    if p > RATE:
        return None
    if len(rerun) >= _LEAST_TESTS:
        medians = _medians([runs for runs, _ in rerun], [centre for _, centre in rerun])
        fresh = contrast(before, group(medians), _SUITE_PRIOR)
        if fresh.difference * now.difference < 0 or _p_shifted(fresh, margin) > _CONFIRM_LEVEL:
            return None
    return SuiteShift(bounded_exp(now.difference), p)


def _p_shifted(shift: Contrast, margin: float) -> float:
    """Return the p value of a shift beyond the margin, in the direction that it has."""
    return (shift if shift.difference > 0 else shift.mirrored).p_slower(margin)


def _medians(groups: Sequence[Group], centres: Sequence[float]) -> list[float]:
    """Return the median over the tests for each run that most of them have, newest first."""
    found = []
    for age in range(1, max(len(runs.figures) for runs in groups) + 1):
        values = [
            runs.figures[-age] - centre
            for runs, centre in zip(groups, centres, strict=True)
            if len(runs.figures) >= age
        ]
        if 2 * len(values) >= len(groups):
            found.append(median(values))
    return found
