"""What the noisy rule found."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from .._finding import Statistics, Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping

_NOT_COMPARED: Final = frozenset({Verdict.NEW, Verdict.MISSING})


@dataclass(frozen=True, slots=True)
class NoisyVerdict:
    """What is said of one test.

    Attributes:
        statistics: the ratio of the runs that decided to the baseline, 1.1 for 10 % slower;
            p, how likely as much is by chance, the margin granted; q, which is p adjusted for
            the number of tests (Benjamini-Hochberg); and the least slowdown that each stage
            finds in 4 of 5 cases, in percent.
        needs_rerun: it looks slower, and only fresh runs can tell.
    """

    key: str
    verdict: Verdict
    reason: str
    statistics: Statistics = field(default_factory=Statistics)
    needs_rerun: bool = False


@dataclass(frozen=True, slots=True)
class SuiteShift:
    """The tests became slower, or faster, as one: the median over them moved."""

    ratio: float
    p: float

    @property
    def is_slower(self) -> bool:
        """Whether it fails the run."""
        return self.ratio > 1


@dataclass(frozen=True, slots=True)
class NoisyReport:
    """Verdicts by key, and whether all tests moved together."""

    verdicts: Mapping[str, NoisyVerdict]
    suite: SuiteShift | None = None

    @property
    def flagged(self) -> tuple[str, ...]:
        """The tests to run again in fresh processes, before they fail."""
        return tuple(key for key, each in self.verdicts.items() if each.needs_rerun)

    @property
    def compared(self) -> int:
        """How many tests have a baseline and a figure."""
        return sum(each.verdict not in _NOT_COMPARED for each in self.verdicts.values())

    def fails(self, *, strict: bool = False) -> bool:
        """Tell whether the run is red: a verdict or the suite is, or nothing was compared."""
        if any(each.verdict.fails(strict=strict) for each in self.verdicts.values()):
            return True
        return not self.compared or (self.suite is not None and self.suite.is_slower)
