"""What a test would have seen."""

from __future__ import annotations

from ._student import student_isf


def detectable_difference(
    standard_error: float, df: float, *, level: float, power: float = 0.8
) -> float:
    """Return the least difference that a one-sided t test finds with probability `power`.

    (t_level + t_(1 - power)) · standard error, with quantiles of Student's t at `df`: the
    usual approximation of the noncentral t by a shifted one.
    """
    return (student_isf(level, df) + student_isf(1 - power, df)) * standard_error
