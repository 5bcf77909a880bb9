"""What a number in a profile may be."""

from __future__ import annotations

from typing import Final

#: A longer delay is a mistake; in milliseconds.
LONGEST_MS: Final = 86_400_000.0


def check_range(name: str, value: object, *, low: float = 0, high: float = LONGEST_MS) -> None:
    """Refuse what is no number from `low` to `high`.

    Raises:
        ValueError: names the parameter, its value and the range.
    """
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
        msg = f"{name} is {value!r}; give a number from {low:g} to {high:.15g}"
        raise ValueError(msg)
