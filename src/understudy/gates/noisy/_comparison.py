"""What is compared: one figure for each run of a test, and the tests that have enough of them."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, isfinite
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

from ...stats import log_trimmed_mean
from .._finding import Verdict
from ._report import NoisyVerdict

if TYPE_CHECKING:
    from collections.abc import Sequence

#: The logarithm of a run's figure; None where the run has none.
Figure: TypeAlias = "float | None"

#: Fewer baseline runs do not tell how much runs differ; older than the last ten are history.
_LEAST_RUNS: Final = 3
_MOST_RUNS: Final = 10
#: Its exponential is still a number.
_LARGEST: Final = 700.0


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


class Group(NamedTuple):
    """Log figures of one run each, their mean, and the squares of what they differ from it."""

    figures: tuple[float, ...]
    mean: float
    squares: float

    @property
    def mirrored(self) -> Group:
        """The same, with faster for slower."""
        return Group(tuple(-figure for figure in self.figures), -self.mean, self.squares)


def group(figures: Sequence[float]) -> Group:
    """Return the group of these figures, one or more."""
    mean = sum(figures) / len(figures)
    return Group(tuple(figures), mean, sum([(figure - mean) ** 2 for figure in figures]))


def bounded_exp(difference: float) -> float:
    """Return the ratio that a difference of logarithms stands for, at most 1e304."""
    return exp(min(difference, _LARGEST))


@dataclass(frozen=True, slots=True)
class Comparison:
    """The runs of one test: three of the baseline or more; None where no fresh ones are."""

    key: str
    baseline: Group
    candidate: Group
    confirm: Group | None

    @property
    def mirrored(self) -> Comparison:
        """The same, with faster for slower."""
        confirm = None if self.confirm is None else self.confirm.mirrored
        return Comparison(self.key, self.baseline.mirrored, self.candidate.mirrored, confirm)

    @property
    def variance(self) -> tuple[float, int]:
        """Variance between the runs of the baseline, and its degrees of freedom."""
        df = len(self.baseline.figures) - 1
        return self.baseline.squares / df, df


def compare(key: str, timings: Timings) -> Comparison | NoisyVerdict:
    """Return what can be compared, or the verdict where nothing can.

    A run without a figure is left out of the baseline and of the fresh runs; a candidate
    with one is MISSING.
    """
    if not timings.candidate:
        return NoisyVerdict(key, Verdict.MISSING, "in the baseline, but it was not run")
    candidate = _known(timings.candidate)
    if len(candidate) < len(timings.candidate):
        reason = "not all its samples are positive, finite numbers"
        return NoisyVerdict(key, Verdict.MISSING, reason)
    if not timings.baseline:
        return NoisyVerdict(key, Verdict.NEW, "not in the baseline")
    baseline = _known(timings.baseline)[-_MOST_RUNS:]
    if len(baseline) < _LEAST_RUNS:
        reason = f"{_LEAST_RUNS} baseline runs are needed, {len(baseline)} can be used"
        return NoisyVerdict(key, Verdict.INCONCLUSIVE, reason)
    confirm = _known(timings.confirm)
    return Comparison(key, group(baseline), group(candidate), group(confirm) if confirm else None)


def _known(figures: tuple[Figure, ...]) -> list[float]:
    return [figure for figure in figures if figure is not None]
