"""The two stages: what the candidate looks like, and what fresh runs say of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ...stats import benjamini_hochberg
from ._contrast import contrast
from ._evidence import Evidence, weigh

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ...stats import VariancePrior
    from ._comparison import Comparison

#: One test in twenty of unchanged code is run again.
SCREEN_LEVEL: Final = 0.05
#: Of the tests that fail, so many are expected to fail by chance.
_FALSE_DISCOVERIES: Final = 0.05


@dataclass(frozen=True, slots=True)
class NoisyResult:
    """What was found of one test, in one direction.

    Attributes:
        is_flagged: the candidate is slower at all, at 5 %, no margin granted.
        is_confirmed: fresh runs decided, because it is flagged and there are any.
        evidence: of the fresh runs where they decided, otherwise of the candidate.
        q: p, adjusted for the number of tests.
    """

    is_flagged: bool
    is_confirmed: bool
    evidence: Evidence
    q: float

    @property
    def is_proven(self) -> bool:
        """Whether it is slower beyond the margin and chance, the number of tests minded."""
        return self.is_flagged and self.evidence.is_proof and self.q <= _FALSE_DISCOVERIES


#: What is found of a test that does not look different.
_NOTHING: Final = (False, False, Evidence(0.0, 1.0, is_proof=False))


def find_slower(
    tests: Sequence[Comparison], prior: VariancePrior, margin: float
) -> list[NoisyResult]:
    """Look at all tests; what flagged one has no say in what decides it.

    The run that made a test suspicious is the slowest of many by selection and would prove
    too much: only runs made afterwards count.
    """
    return _adjusted([_slower(test, prior, margin) for test in tests])


def find_faster(
    tests: Sequence[Comparison], prior: VariancePrior, margin: float
) -> list[NoisyResult]:
    """Look the other way, by the same rule."""
    return _adjusted([_faster(test, prior, margin) for test in tests])


def _adjusted(found: Sequence[tuple[bool, bool, Evidence]]) -> list[NoisyResult]:
    q_values = benjamini_hochberg([evidence.p for _, _, evidence in found])
    return [NoisyResult(*each, q) for each, q in zip(found, q_values, strict=True)]


def _slower(test: Comparison, prior: VariancePrior, margin: float) -> tuple[bool, bool, Evidence]:
    first = contrast(test.baseline, test.candidate, prior)
    if first.is_slower(SCREEN_LEVEL):
        return _flagged(test, prior, margin)
    return False, False, Evidence(first.difference, first.p_slower(margin), is_proof=False)


def _faster(test: Comparison, prior: VariancePrior, margin: float) -> tuple[bool, bool, Evidence]:
    first = contrast(test.baseline, test.candidate, prior)
    return _flagged(test.mirrored, prior, margin) if first.is_faster(SCREEN_LEVEL) else _NOTHING


def _flagged(test: Comparison, prior: VariancePrior, margin: float) -> tuple[bool, bool, Evidence]:
    fresh = test.confirm is not None
    after = test.confirm or test.candidate
    return True, fresh, weigh(test.baseline, after, prior, margin, fresh=fresh)
