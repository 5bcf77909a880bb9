"""A figure for a run that a stray sample does not move."""

from __future__ import annotations

from math import isfinite, log
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

#: Fewer samples than that are not trimmed: their median is taken.
_FEW: Final = 5


def log_trimmed_mean(samples: Sequence[float], *, trim: float = 0.2) -> float:
    """Return the trimmed mean of the logarithms: ⌊trim · n⌋ of n are left out at each end.

    Of fewer than five samples, the logarithm of their median (of the two in the middle,
    the geometric mean). Tukey and McLaughlin, "Less vulnerable confidence and significance
    procedures for location based on a single sample", Sankhyā A 25 (1963).

    Raises:
        ValueError: there is no sample, or one is not a positive finite number.
    """
    if not samples:
        msg = "a trimmed mean needs at least one sample"
        raise ValueError(msg)
    if not all(isfinite(sample) and sample > 0 for sample in samples):
        msg = "a logarithm needs samples that are positive and finite"
        raise ValueError(msg)
    ordered = sorted(samples)
    cut = int(trim * len(ordered)) if len(ordered) >= _FEW else (len(ordered) - 1) // 2
    core = ordered[cut : len(ordered) - cut]
    return sum(map(log, core)) / len(core)
