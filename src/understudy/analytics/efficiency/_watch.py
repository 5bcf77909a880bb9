"""Which models are slower than they were, day after day until they are not."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Final

from ._degradation import Comparison, compare
from ._groups import Measured, grouped

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from ...stats import ThoughtSums
    from ._aggregates import Aggregates

_DAY: Final = timedelta(days=1)
#: What a day is compared with: from the first to the last of these days before it.
_FIRST, _LAST = 29, 2
#: How many days back an alert is followed; by then what is slow is what is usual.
_FOLLOWED: Final = 30


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
    today = now.astimezone(UTC).date()
    start = datetime.combine(today - (_FOLLOWED + _FIRST) * _DAY, time(), UTC)
    past = grouped(history.thought_runs(since=start, until=_midnight(today), component=component))
    recent = grouped(history.thought_runs(since=now - _DAY, until=now, component=component))
    return tuple(
        _state(key, recent.get(key, ()), past.get(key, ()), now)
        for key in sorted(past.keys() | recent.keys())
    )


def _state(
    measured: Measured, recent: Sequence[ThoughtSums], past: Iterable[ThoughtSums], now: datetime
) -> ModelState:
    days: defaultdict[date, list[ThoughtSums]] = defaultdict(list)
    for row in past:
        if row.day is not None:
            days[row.day].append(row)
    today = now.astimezone(UTC).date()
    current = compare(recent, _before(days, today))
    fallen, since = None, None
    for moment, comparison in [(now - _DAY, current), *_earlier(days, today)]:
        if comparison.is_cleared:
            break
        if comparison.has_fallen:
            fallen, since = fallen or comparison, moment
    return ModelState(*measured, current, fallen, since)


def _earlier(
    days: Mapping[date, Sequence[ThoughtSums]], today: date
) -> Iterator[tuple[datetime, Comparison]]:
    """Yield the days before, the last one first, each as it looked then."""
    for age in range(1, _FOLLOWED + 1):
        day = today - age * _DAY
        if day in days:
            yield _midnight(day), compare(days[day], _before(days, day))


def _before(days: Mapping[date, Sequence[ThoughtSums]], day: date) -> list[ThoughtSums]:
    found = (days.get(day - age * _DAY, ()) for age in range(_LAST, _FIRST + 1))
    return [row for rows in found for row in rows]


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
