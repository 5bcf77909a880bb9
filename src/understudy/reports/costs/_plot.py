"""Small plots for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

_BARS: Final = "▁▂▃▄▅▆▇█"
_SHADE: Final = "░"
_PLAIN: Final = str.maketrans(_BARS + _SHADE, "_.,-=+*#:")


def plot(values: Sequence[int]) -> str:
    """Return one character for each value, the highest for the largest, a blank for none."""
    most = max(values, default=0)
    if most <= 0:
        return " " * len(values)
    last = len(_BARS) - 1
    return "".join(_BARS[round(last * value / most)] if value > 0 else " " for value in values)


def plotted(days: Sequence[tuple[date, int]], width: int) -> str:
    """Return a plot of what the last days cost, as many as have room between their dates."""
    shown = days[-max(width - 26, 1) :]
    return f"{shown[0][0]:%Y-%m-%d}  {plot([cost for _, cost in shown])}  {shown[-1][0]:%Y-%m-%d}"


def bar(spent: int, predicted: int, budget: int, width: int) -> str:
    """Return a bar of what is spent, in a lighter shade what is to come, `|` where the budget ends.

    Amounts are of one unit; the largest of them fills `width` characters.
    """
    most, room = max(spent, predicted, budget, 1), max(width - 1, 1)
    full, ahead, end = (round(room * max(each, 0) / most) for each in (spent, predicted, budget))
    cells = (_BARS[-1] * full).ljust(max(ahead, full), _SHADE).ljust(end)
    return f"{cells[:end]}|{cells[end:]}"


def in_plain(text: str) -> str:
    """Return a plot in characters that any terminal has."""
    return text.translate(_PLAIN)
