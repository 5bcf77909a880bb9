"""What it takes to say that a test became slower."""

from __future__ import annotations

from dataclasses import dataclass
from math import log
from typing import TYPE_CHECKING, Final

from ...stats import least_rank_sum_p, rank_sum_p
from ._contrast import contrast

if TYPE_CHECKING:
    from ...stats import VariancePrior
    from ._group import Group

#: At most so often a test fails by chance: 0.03 %, well below the 0.05 % that are promised.
RATE: Final = 0.0003
#: The ranks alone must say so at this level, or as clearly as so few runs can.
_RANK_LEVEL: Final = 0.01
#: Fresh runs whose ranks cannot reach even this level are too few to prove anything ...
_LEAST_RANK_LEVEL: Final = 0.04
#: ... but for runs that all take more than twice as long as the slowest of the baseline.
_OUTRIGHT: Final = log(2)


@dataclass(frozen=True, slots=True)
class Evidence:
    """How far runs of a test lie above its baseline, and whether that is proof.

    Attributes:
        difference: of the mean log figures.
        p: the product of the p values of the t test with the margin and of the rank-sum
            test; the larger of them where the ranks do not agree.
        is_proof: p and the ranks are, each on its own, beyond chance.
    """

    difference: float
    p: float
    is_proof: bool


def weigh(
    before: Group, after: Group, prior: VariancePrior, margin: float, *, fresh: bool
) -> Evidence:
    """Weigh whether `after` is slower than `before` by more than `margin`.

    Process-to-process noise has heavy tails, which the t test alone takes for regressions;
    the exact rank-sum test knows no tails but cannot tell 1 % from 50 %. Both must agree.
    Runs that are not `fresh` were not flagged by others before them, so that more of them
    are needed.
    """
    compared = contrast(before, after, prior)
    p_t = compared.p_slower(margin)
    p_rank = rank_sum_p(before.figures, after.figures)
    least = least_rank_sum_p(len(before.figures), len(after.figures))
    agrees = p_rank <= max(_RANK_LEVEL, least)
    p = p_t * p_rank if agrees else max(p_t, p_rank)
    needed = _LEAST_RANK_LEVEL if fresh else _RANK_LEVEL
    enough = least <= needed or min(after.figures) - max(before.figures) > _OUTRIGHT
    return Evidence(compared.difference, p, agrees and enough and p <= RATE)
