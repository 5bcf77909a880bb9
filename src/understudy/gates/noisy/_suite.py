"""Whether all tests became slower, or faster, as one."""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING, Final

from ...stats import VariancePrior
from ._contrast import contrast
from ._evidence import RATE
from ._group import bounded_exp, group
from ._report import SuiteShift

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ._comparison import Comparison
    from ._contrast import Contrast
    from ._group import Group

#: The median of fewer tests is no figure of a suite.
_LEAST_TESTS: Final = 10
#: The median over a suite scatters by half a percent from run to run, as far as one knows.
_PRIOR: Final = VariancePrior(variance=0.005**2, df=1.0)
_CONFIRM_LEVEL: Final = 0.05


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
    now = contrast(before, after, _PRIOR)
    rerun = [(test.confirm, test.baseline.mean) for test in tests if test.confirm]
    p = _p_shifted(now, margin)
    if p > RATE:
        return None
    if len(rerun) >= _LEAST_TESTS:
        medians = _medians([runs for runs, _ in rerun], [centre for _, centre in rerun])
        fresh = contrast(before, group(medians), _PRIOR)
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
