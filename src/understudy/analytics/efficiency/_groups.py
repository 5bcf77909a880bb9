"""Rows by the model and the source that they are of: no mean mixes two sources."""

from __future__ import annotations

from collections import defaultdict
from statistics import median
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol, TypeVar

from ...stats import TokenSums

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

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


class Loads:
    """How long each model loads: the median of its last loads that succeeded."""

    def __init__(self, recent: Iterable[RecentLoads]) -> None:
        known = [each for each in recent if each.seconds]
        ordered = sorted(known, key=lambda each: rank_of(each.source), reverse=True)
        self._seconds = {Measured(each.component, each.source): each.seconds for each in ordered}
        self._nearest = {each.component: each.source for each in ordered}

    @property
    def measured(self) -> Mapping[Measured, tuple[float, ...]]:
        """The seconds of each model and source."""
        return self._seconds

    def seconds(self, measured: Measured) -> float | None:
        """Return the median by the same source, else by the nearest that knows any."""
        source = measured.source
        if measured not in self._seconds:
            source = self._nearest.get(measured.component, source)
        seconds = self._seconds.get(Measured(measured.component, source))
        return None if seconds is None else median(seconds)
