"""Which kinds of calls the samples cover: category, complexity and number of deliverables."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Final, NamedTuple

from ..errors import printable
from ..events import COMPLEXITIES, TokenEstimate

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


#: How many samples there should be in all, from and to.
TARGET: Final = (30, 50)
#: How many deliverables; the first one is for calls that name none.
BUCKETS: Final = ("0", "1-3", "4-7", "8-15", "16+")

_STARTS: Final = (1, 4, 8, 16)
#: What to cover where no category was ever named.
_USUAL: Final = ("documentation", "implementation", "refactoring", "testing")


class Stratum(NamedTuple):
    """A kind of call; None where the prediction does not say."""

    category: str | None
    complexity: str | None
    deliverables: str

    def __str__(self) -> str:
        category = printable(self.category or "-")
        return f"{category} / {self.complexity or '-'} / {self.deliverables}"


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many samples each stratum has.

    A sample is a prediction whose outcome is known. `empty` are the strata without any: of all
    categories, of all complexities, and of all numbers of deliverables but none.
    """

    samples: Mapping[Stratum, int]
    empty: tuple[Stratum, ...]
    without_outcome: int

    @property
    def total(self) -> int:
        """How many samples there are in all."""
        return sum(self.samples.values())

    @property
    def is_enough(self) -> bool:
        """Whether there are as many samples as the target wants at least."""
        return self.total >= TARGET[0]


def bucket_of(deliverable_count: int | None) -> str:
    """Return the bucket of a number of deliverables; unknown is none."""
    return BUCKETS[bisect_right(_STARTS, deliverable_count or 0)]


def stratum_of(estimate: TokenEstimate) -> Stratum:
    """Return the stratum that a prediction belongs to."""
    bucket = bucket_of(estimate.deliverable_count)
    return Stratum(estimate.category, estimate.complexity, bucket)


def coverage_of(estimates: Iterable[TokenEstimate], *, categories: Iterable[str] = ()) -> Coverage:
    """Count the samples of each stratum; `categories` should be covered besides those seen."""
    rows = list(estimates)
    settled = [row for row in rows if row.actual_output_tokens is not None]
    counts = Counter(map(stratum_of, settled))
    seen = {row.category for row in rows if row.category} | set(categories)
    wanted = map(Stratum._make, product(sorted(seen or _USUAL), COMPLEXITIES, BUCKETS[1:]))
    return Coverage(
        samples={stratum: counts[stratum] for stratum in sorted(counts, key=rank)},
        empty=tuple(stratum for stratum in wanted if not counts[stratum]),
        without_outcome=len(rows) - len(settled),
    )


def rank(stratum: Stratum) -> tuple[bool, str, int, int]:
    """Return what strata are sorted by: the nameless ones last, the smallest first."""
    known = stratum.complexity in COMPLEXITIES
    complexity = COMPLEXITIES.index(str(stratum.complexity)) if known else len(COMPLEXITIES)
    bucket = BUCKETS.index(stratum.deliverables)
    return (stratum.category is None, stratum.category or "", complexity, bucket)
