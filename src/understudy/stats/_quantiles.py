"""Quantiles of a sample."""

from __future__ import annotations

from math import floor
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def quantile(values: Iterable[float], q: float) -> float:
    """Return the `q` quantile, 0 ≤ q ≤ 1, by linear interpolation between order statistics.

    Type 7 of Hyndman and Fan, "Sample Quantiles in Statistical Packages", The American
    Statistician 50 (1996): with h = (n - 1) q, x[⌊h⌋] + (h - ⌊h⌋) (x[⌊h⌋ + 1] - x[⌊h⌋]).
    NumPy's and R's default; `quantile(values, 0.5)` is the median.

    Raises:
        ValueError: there are no values, or q is out of range.
    """
    ordered = sorted(values)
    if not ordered:
        msg = "a quantile needs at least one value"
        raise ValueError(msg)
    if not 0 <= q <= 1:
        msg = f"q is from 0 to 1, not {q}"
        raise ValueError(msg)
    h = (len(ordered) - 1) * q
    low = floor(h)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (h - low) * (ordered[high] - ordered[low])
