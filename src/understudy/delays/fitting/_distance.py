"""How far a distribution is from what was measured."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


def distance(
    ordered: Sequence[float],
    cdf: Callable[[float], float],
    *,
    before: Callable[[float], float] | None = None,
) -> float:
    """Return the Kolmogorov-Smirnov distance: the largest |F_n(x) - F(x)|, from 0 to 1.

    `ordered` are the samples, sorted; equal ones are one step of F_n. `before` gives the limit of
    an F that has steps itself from below; None: it has none.
    """
    left = cdf if before is None else before
    count, largest, below = len(ordered), 0.0, 0
    for place, value in enumerate(ordered):
        if place + 1 < count and ordered[place + 1] == value:
            continue
        largest = max(
            largest,
            abs(left(value) - below / count),
            abs((place + 1) / count - cdf(value)),
        )
        below = place + 1
    return largest
