"""A small plot of days, for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

_BARS: Final = "▁▂▃▄▅▆▇█"


def plot(values: Sequence[int]) -> str:
    """Return one character for each value, the highest for the largest, a blank for none."""
    most = max(values, default=0)
    if most <= 0:
        return " " * len(values)
    last = len(_BARS) - 1
    return "".join(_BARS[round(last * value / most)] if value > 0 else " " for value in values)
