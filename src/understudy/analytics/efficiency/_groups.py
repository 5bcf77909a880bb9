"""Rows by the model and the source that they are of: no mean mixes two sources."""

from __future__ import annotations

from collections import defaultdict
from statistics import median
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol, TypeVar

from ...stats import TokenSums

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from ...stats import RecentLoads, ThoughtSums

#: Who measured, the nearest to the model first.
SOURCES: Final = ("engine", "stream", "response", "told")


class Measured(NamedTuple):
    """A model, and who measured it."""

    component: str
    source: str


class _Row(Protocol):
    @property
    def component(self) -> str: ...

    @property
    def source(self) -> str: ...


RowT = TypeVar("RowT", bound=_Row)


def grouped(rows: Iterable[RowT]) -> dict[Measured, list[RowT]]:
    """Return the rows of each model and source."""
    groups: defaultdict[Measured, list[RowT]] = defaultdict(list)
    for row in rows:
        groups[Measured(row.component, row.source)].append(row)
    return dict(groups)


def total(rows: Iterable[ThoughtSums]) -> TokenSums:
    """Return the sums of all rows."""
    return sum((row.sums for row in rows), start=TokenSums())


def rank_of(source: str) -> int:
    """Return how far a source is from the model; of a later version, the farthest."""
    return SOURCES.index(source) if source in SOURCES else len(SOURCES)


def nearest(measured: Measured, known: Collection[Measured]) -> Measured:
    """Return the same where it is known, else the source nearest to the model that is."""
    others = [each for each in known if each.component == measured.component]
    if measured in known or not others:
        return measured
    return min(others, key=lambda each: rank_of(each.source))


class Loads:
    """How long each model loads: the median of its last loads that succeeded."""

    def __init__(self, recent: Iterable[RecentLoads]) -> None:
        self._seconds = {
            Measured(each.component, each.source): each.seconds for each in recent if each.seconds
        }

    @property
    def measured(self) -> Collection[Measured]:
        """The models and sources that any load is known of."""
        return self._seconds.keys()

    def seconds(self, measured: Measured) -> float | None:
        """Return the median by the same source, else by the nearest that knows any."""
        seconds = self._seconds.get(nearest(measured, self._seconds))
        return None if seconds is None else median(seconds)
