"""Many tests at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


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
