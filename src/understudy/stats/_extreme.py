"""The least or the most of what is known."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


def extreme(
    pick: Callable[[float, float], float], one: float | None, other: float | None
) -> float | None:
    """Return what `pick` picks of two values; the known one where the other is None."""
    if one is None or other is None:
        return other if one is None else one
    return pick(one, other)
