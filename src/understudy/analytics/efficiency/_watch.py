"""Which models are slower than they were, day after day until they are not."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from itertools import chain
from typing import TYPE_CHECKING, Final

from ._degradation import Comparison, compare, is_enough
from ._groups import Measured, grouped

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from ...stats import ThoughtSums
    from ._aggregates import Aggregates

_DAY: Final = timedelta(days=1)
#: What a day is compared with: from the first to the last of these days before it.
_FIRST, _LAST = 29, 2
#: How many days back an alert is followed; by then what is slow is what is usual.
_FOLLOWED: Final = 29


@dataclass(frozen=True, slots=True)
class ModelState:
    """What is known of one model by one source: now, and since when it is slower.

    `comparison` is that of the last 24 hours, `fallen` that of the day which decided that it is
    slower now; None where it is not.
    """

    component: str
    source: str
    comparison: Comparison
    fallen: Comparison | None = None
    since: datetime | None = None


def watch(
    history: Aggregates, *, now: datetime, component: str | None = None
) -> tuple[ModelState, ...]:
    """Compare the last 24 hours of each model with the days before.

    A model that fell stays fallen until a day on which it is less than 10 % slower: on days with
    too little to tell nothing changes.
    """
    recent = grouped(history.thought_runs(since=now - _DAY, until=now, component=component))
    past = _Past(history, today=now.astimezone(UTC).date(), component=component)
    return tuple(
        _state(each, recent.get(each, ()), past, now)
        for each in sorted(past.models | recent.keys())
    )


def _state(
    measured: Measured, recent: Sequence[ThoughtSums], past: _Past, now: datetime
) -> ModelState:
    current = compare(recent, past.before(measured, past.today))
    fallen, since = None, None
    for moment, comparison in chain([(now - _DAY, current)], _earlier(measured, past)):
        if comparison.is_cleared:
            break
        if comparison.has_fallen:
            fallen, since = fallen or comparison, moment
    return ModelState(*measured, current, fallen, since)


def _earlier(measured: Measured, past: _Past) -> Iterator[tuple[datetime, Comparison]]:
    """Yield the days with enough to tell, the last one first, each as it looked then."""
    for age in range(1, _FOLLOWED + 1):
        day = past.today - age * _DAY
        rows = past.on(measured, day)
        if is_enough(rows):
            yield _midnight(day), compare(rows, past.before(measured, day))


def _midnight(day: date) -> datetime:
    """Return when a day of UTC began."""
    return datetime.combine(day, time(), UTC)


class _Past:
    """Sums of each model by day. Most models need a month; what lies before is read for the others.

    `component` is the model that is meant, None for all.
    """

    def __init__(self, history: Aggregates, *, today: date, component: str | None) -> None:
        self.today = today
        self._history = history
        self._rows: defaultdict[tuple[Measured, date], list[ThoughtSums]] = defaultdict(list)
        self._read_whole: set[str] = set()
        self._read(today - _FIRST * _DAY, today, component)

    @property
    def models(self) -> set[Measured]:
        """The models and sources of the last month."""
        return {measured for measured, _ in self._rows}

    def on(self, measured: Measured, day: date) -> Sequence[ThoughtSums]:
        """Return what there is of a day."""
        if day < self.today - _FIRST * _DAY and measured.component not in self._read_whole:
            self._read_whole.add(measured.component)
            start = self.today - (_FOLLOWED + _FIRST) * _DAY
            self._read(start, self.today - _FIRST * _DAY, measured.component)
        return self._rows.get((measured, day), ())

    def before(self, measured: Measured, day: date) -> list[ThoughtSums]:
        """Return what a day is compared with."""
        days = (day - age * _DAY for age in range(_LAST, _FIRST + 1))
        return [row for each in days for row in self.on(measured, each)]

    def _read(self, since: date, until: date, component: str | None) -> None:
        rows = self._history.thought_runs(
            since=_midnight(since), until=_midnight(until), component=component
        )
        for row in rows:
            if row.day is not None:
                self._rows[Measured(row.component, row.source), row.day].append(row)
