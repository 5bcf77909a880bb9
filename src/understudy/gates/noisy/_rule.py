"""Decides which tests became slower, and which only look so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ...stats import VariancePrior
from ._comparison import Comparison, compare
from ._detectable import mde_percent
from ._report import NoisyReport, NoisyVerdict
from ._result import find_faster, find_slower
from ._suite import suite_shift
from ._verdicts import Judged

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ._report import SuiteShift
    from ._timings import Timings

#: Runs of one test differ by some 1.5 %, but that is worth one degree of freedom only.
_PRIOR: Final = VariancePrior(variance=0.015**2, df=1.0)
#: The suite at hand outweighs that prior as soon as it has more tests than this.
_PRIOR_WEIGHT: Final = 20.0
#: Runs do not differ by less than a ten-thousandth: no clock is that sure.
_LEAST_VARIANCE: Final = 1e-8


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
        faster = find_faster(tests, prior, self.margin)
        words = (self.worse, self.better)
        return [
            Judged(*each, mde_percent(each[0], prior, self.margin), words).verdict(
                margin=self.margin, max_mde_percent=self.max_mde_percent, suite=suite
            )
            for each in zip(tests, slower, faster, strict=True)
        ]
