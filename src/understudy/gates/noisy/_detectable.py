"""How small a slowdown the rule finds."""

from __future__ import annotations

from math import log1p, sqrt
from typing import TYPE_CHECKING, Final

from ...stats import detectable_difference, least_rank_sum_p
from ._evidence import RATE
from ._group import bounded_exp
from ._result import SCREEN_LEVEL

if TYPE_CHECKING:
    from ...stats import VariancePrior
    from ._comparison import Comparison

#: As many fresh runs are expected where none were made.
_RERUNS: Final = 4


def mde_percent(test: Comparison, prior: VariancePrior, margin: float) -> float:
    """Return the least slowdown in percent that each stage finds with a power of 80 %.

    The larger of what the candidate needs to be flagged, and what fresh runs need to be
    proof, from the moderated variance of the baseline runs.
    """
    variance, df = test.variance
    moderated = prior.moderate(variance, df)
    runs = len(test.baseline.figures)
    reruns = len(test.confirm.figures) if test.confirm else _RERUNS
    level = min(RATE / least_rank_sum_p(runs, reruns), SCREEN_LEVEL)
    flagged = detectable_difference(
        sqrt(moderated * (1 / runs + 1 / len(test.candidate.figures))),
        prior.df + df,
        level=SCREEN_LEVEL,
    )
    proven = detectable_difference(
        sqrt(moderated * (1 / runs + 1 / reruns)), prior.df + df + reruns - 1, level=level
    )
    return 100 * (bounded_exp(max(flagged, proven + log1p(margin))) - 1)
