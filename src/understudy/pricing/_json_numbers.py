"""Numbers in JSON that others wrote."""

from __future__ import annotations

from math import isfinite
from typing import TypeGuard


def is_number(value: object) -> TypeGuard[int | float]:
    """Tell whether a value is a finite number, which `true` and `NaN` are not."""
    if isinstance(value, float):
        return isfinite(value)
    return isinstance(value, int) and not isinstance(value, bool)
