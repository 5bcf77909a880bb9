"""Which tests can be compared, and what is said of the others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from .._verdict import Verdict
from ._group import Group, group
from ._report import NoisyVerdict

if TYPE_CHECKING:
    from ._timings import Figure, Timings

#: Fewer baseline runs do not tell how much runs differ; older than the last ten are history.
_LEAST_RUNS: Final = 3
_MOST_RUNS: Final = 10


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
