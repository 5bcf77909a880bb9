"""The sign-flip test of paired differences."""

from __future__ import annotations

from math import erfc, sqrt
from random import Random
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

#: Up to here all 2ⁿ flips are counted; from there on the normal limit is used.
_EXACT: Final = 14
_NORMAL: Final = 100
_FLIPS: Final = 9999
#: A sum this much below the one seen, relative to the sum of sizes, counts as equal.
_ROUNDING: Final = 1e-12


def sign_flip_p(differences: Sequence[float], *, seed: int = 0) -> float:
    """Return the one-sided p value of a mean difference above 0.

    Under the hypothesis of no change each difference is as likely as its negative: p is the
    share of sign changes that give at least the sum seen (Fisher 1935; Pitman 1937). All 2ⁿ
    of them for n ≤ 14; for n < 100 a sample of 9,999 drawn with `seed`, the one seen
    counted in, (k + 1) / (B + 1) (Phipson and Smyth 2010); the normal limit with mean 0
    and variance Σ d² from n = 100. Of no differences, or zeros alone, 1.
    """
    moved = [difference for difference in differences if difference]
    if not moved:
        return 1.0
    least = sum(moved) - _ROUNDING * sum(map(abs, moved))
    if len(moved) <= _EXACT:
        sums = _all_sums(moved)
        return sum(each >= least for each in sums) / len(sums)
    if len(moved) >= _NORMAL:
        return 0.5 * erfc(sum(moved) / sqrt(2 * sum(each * each for each in moved)))
    return _sampled(moved, least, Random(seed))  # noqa: S311 - reproducible, no secret


def _all_sums(differences: Sequence[float]) -> list[float]:
    sums = [0.0]
    for each in differences:
        sums = [total + sign * each for total in sums for sign in (1, -1)]
    return sums


def _sampled(differences: Sequence[float], least: float, random: Random) -> float:
    """Count random flips: a flip takes twice its difference from the sum."""
    total = sum(differences)
    reached = 1
    for _ in range(_FLIPS):
        bits = random.getrandbits(len(differences))
        taken = sum(each for place, each in enumerate(differences) if bits >> place & 1)
        reached += total - 2 * taken >= least
    return reached / (_FLIPS + 1)
