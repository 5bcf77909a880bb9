"""The exact rank-sum test."""

from __future__ import annotations

from functools import lru_cache
from math import comb
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


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
    counts = _counts(n, m)
    tail, total = [], 0
    for count in reversed(counts):
        total += count
        tail.append(total)
    return tuple(count / total for count in reversed(tail))


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
