"""What the noisy rule compares: one figure for each run of a test."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite
from typing import TYPE_CHECKING, TypeAlias

from ...stats import log_trimmed_mean

if TYPE_CHECKING:
    from collections.abc import Sequence

#: The logarithm of a run's figure; None where the run has none.
Figure: TypeAlias = "float | None"


@dataclass(frozen=True, slots=True)
class Timings:
    """Figures of one test, a run each, oldest first; None for a run that has no figure.

    `confirm` are runs made after the candidate, because it was flagged.
    """

    baseline: tuple[Figure, ...] = ()
    candidate: tuple[Figure, ...] = ()
    confirm: tuple[Figure, ...] = ()


def run_figure(samples: Sequence[float]) -> Figure:
    """Return the 20 % trimmed mean of the samples' logarithms, the median of fewer than five.

    The run is what is repeated, not the sample: samples of one process share its luck.
    None where there is no sample, or one is zero, negative, infinite or not a number.
    """
    if not samples or not all(isfinite(sample) and sample > 0 for sample in samples):
        return None
    return log_trimmed_mean(samples)
