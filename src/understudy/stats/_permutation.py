"""Tests that need no distribution, exact or sampled, and many tests at once."""

from __future__ import annotations

from functools import lru_cache
from itertools import accumulate
from math import comb, erfc, sqrt
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


def rank_sum_p(before: Sequence[float], after: Sequence[float]) -> float:
    """Return the exact one-sided p value of `after` lying above `before`.

    Mann and Whitney (1947): U counts the pairs in which `after` is strictly the larger, so
    that ties speak against a difference; p is the share of the C(n + m, m) ways of dealing
    the n + m values to the two sides with at least this U. No assumption about how the
    values are distributed. The least p there can be is 1 / C(n + m, m).
    """
    above = sum(late > early for late in after for early in before)
    return _tail(len(before), len(after))[above]


def least_rank_sum_p(before: int, after: int) -> float:
    """Return the p value of complete separation of so many values."""
    return 1 / comb(before + after, after)


@lru_cache(maxsize=64)
def _tail(n: int, m: int) -> tuple[float, ...]:
    """Return P(U ≥ u) for u from 0 to n m."""
    tail = list(accumulate(reversed(_counts(n, m))))
    return tuple(count / tail[-1] for count in reversed(tail))


@lru_cache(maxsize=1024)
def _counts(n: int, m: int) -> tuple[int, ...]:
    """Return how many deals have each U: the coefficients of the Gaussian binomial.

    The largest value belongs to `after` (and is above all n of `before`) or to `before`.
    """
    if n == 0 or m == 0:
        return (1,)
    counts = [0] * (n * m + 1)
    for u, count in enumerate(_counts(n, m - 1)):
        counts[u + n] += count
    for u, count in enumerate(_counts(n - 1, m)):
        counts[u] += count
    return tuple(counts)


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
        sums = [0.0]
        for each in moved:
            sums = [total + sign * each for total in sums for sign in (1, -1)]
        return sum(total >= least for total in sums) / len(sums)
    if len(moved) >= _NORMAL:
        return 0.5 * erfc(sum(moved) / sqrt(2 * sum(each * each for each in moved)))
    return _sampled(moved, least, Random(seed))  # noqa: S311 - reproducible, no secret


def _sampled(differences: Sequence[float], least: float, random: Random) -> float:
    """Count random flips: a flip takes twice its difference from the sum."""
    total = sum(differences)
    reached = 1
    for _ in range(_FLIPS):
        bits = random.getrandbits(len(differences))
        taken = sum(each for place, each in enumerate(differences) if bits >> place & 1)
        reached += total - 2 * taken >= least
    return reached / (_FLIPS + 1)


def benjamini_hochberg(p_values: Sequence[float]) -> list[float]:
    """Return the q value of each p value, in their order.

    q of the k-th smallest of m is min over j ≥ k of p₍ⱼ₎ m / j. To reject where q ≤ 0.05
    keeps the expected share of false alarms among the rejected at 5 %: Benjamini and
    Hochberg, "Controlling the false discovery rate", JRSS B 57 (1995).
    """
    m = len(p_values)
    order = sorted(range(m), key=p_values.__getitem__, reverse=True)
    adjusted = [0.0] * m
    least = 1.0
    for place, index in enumerate(order):
        least = min(least, p_values[index] * m / (m - place))
        adjusted[index] = least
    return adjusted
