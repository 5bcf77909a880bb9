"""What the store knows of models over time, in sums."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import chain, groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Final

from ...stats import LoadDay, LoadSums, RecentLoads, Summed, ThoughtSums, TokenSums
from .._windows import Kept, Span, cut_wide, joined
from ..retention import pruned_before
from ._asked import Asked
from ._records import ThoughtBucket
from ._rollups import MODEL_HOURS
from ._rows import micros, moment_of
from ._spans import Group, read_sums

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .._connection import Connection

_DAY: Final = timedelta(days=1)
_LOAD_DAYS: Final = """
SELECT s.component, s.source, r.day, r.count, r.failures, r.total, r.total_squares, r.least, r.most
FROM model_series s JOIN model_rollups_daily r
    ON r.series_id = s.series_id AND r.bucket = -1 AND r.day >= ? AND r.day < ?
WHERE s.event_type = 'LOAD_LATENCY'
"""
_LOADED: Final = (
    "SELECT s.series_id, s.component, s.source FROM model_series s "
    "WHERE s.event_type = 'LOAD_LATENCY'"
)
_LOADS: Final = (
    "SELECT value FROM model_log "
    "WHERE series_id = ? AND success IS NOT NULL AND success = ? ORDER BY ts DESC LIMIT ?"
)
_ANSWERED: Final = (
    "SELECT s.series_id, s.component, s.source FROM model_series s "
    "WHERE s.event_type = 'THOUGHT_LATENCY'"
)
# In the order of the groups, so that nothing is sorted twice. Names are put to numbers by whoever
# reads: a join looks them up for each row.
_BUCKETS: Final = """
SELECT l.ts / {width}, l.series_id, COUNT(*), SUM(l.tokens), SUM(l.value * l.tokens)
FROM model_log l WHERE l.ts >= ? AND l.ts < ? AND l.tokens IS NOT NULL {condition}
GROUP BY 1, 2 ORDER BY 1, 2
"""
#: Rows of one look at the database: more at a time stay in memory for nothing.
_BATCH: Final = 500


class ModelHistory:
    """Sums of answers and loads of models, over a `Connection`.

    Windows go from `since` until before `until`, days are of UTC, and `component` is the one that
    is meant, None for all. Only answers whose tokens are known are in any sum.

    Every method raises StoreError where the database cannot be read.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def thought_sums(
        self, *, since: datetime, until: datetime, component: str | None = None
    ) -> Summed[ThoughtSums]:
        """Return one row for each component, source and bucket, and the window that they are of.

        It is the one that was asked for where both its ends are among rows that are kept, or on
        whole hours (on whole days, where hours are gone), and the next wider such one else.
        """
        spans = self._spans(since, until)
        groups = read_sums(self._connection, spans, Asked(component))
        start, end = (spans[0].start, spans[-1].end) if spans else (since, until)
        return Summed(start, end, tuple(_thoughts(*group) for group in groups))

    def thought_days(
        self, *, since: date, until: date, component: str | None = None
    ) -> list[ThoughtSums]:
        """Return one row for each of these and day."""
        spans = [Span("days", _midnight(since), _midnight(until))]
        groups = read_sums(self._connection, spans, Asked(component, by_day=True))
        return [_thoughts(*group) for group in groups]

    def thought_runs(
        self, *, since: datetime, until: datetime, component: str | None = None
    ) -> list[ThoughtSums]:
        """Return one row for each of these, day and run, as far back as hours are kept."""
        spans = joined(map(_in_hours, self._spans(since, until)))
        groups = read_sums(self._connection, spans, Asked(component, by_day=True, by_run=True))
        return [_thoughts(*group) for group in groups]

    def thought_buckets(
        self, *, since: datetime, until: datetime, seconds: int = 60, component: str | None = None
    ) -> Iterator[ThoughtBucket]:
        """Yield those of `seconds` each that have answers, from the rows that are kept.

        The earliest comes first.

        Raises:
            ValueError: the window has more than 24 hours, or `seconds` is not above 0.
        """
        if seconds < 1:
            msg = f"buckets have at least a second, not {seconds}"
            raise ValueError(msg)
        if until - since > _DAY:
            msg = f"buckets are made of rows, and of at most 24 hours, not {until - since}"
            raise ValueError(msg)
        return self._buckets((micros(since), micros(until)), seconds * 1_000_000, Asked(component))

    def _buckets(
        self, bounds: tuple[int, int], width: int, asked: Asked
    ) -> Iterator[ThoughtBucket]:
        found = self._connection.execute(_ANSWERED + asked.condition, asked.parameters())
        names = {series_id: (name, source) for series_id, name, source in found}
        # Numbers of our own, of which there are few.
        meant = ", ".join(map(str, names)) or "NULL"
        condition = "" if asked.component is None else f"AND l.series_id IN ({meant})"
        query = _BUCKETS.format(width=width, condition=condition)
        rows = chain.from_iterable(self._connection.stream(query, bounds, size=_BATCH))
        for number, group in groupby(rows, itemgetter(0)):
            # A series may be new since its names were read: it was not there yet.
            answers = [
                (*names[key], samples, tokens, ms)
                for _, key, samples, tokens, ms in group
                if key in names
            ]
            answers.sort()
            yield ThoughtBucket(moment_of(number * width), answers)

    def load_days(self, *, since: date, until: date, component: str | None = None) -> list[LoadDay]:
        """Return one row for each component, source and day with loads."""
        asked = Asked(component)
        parameters = asked.parameters(since.isoformat(), until.isoformat())
        rows = self._connection.execute(_LOAD_DAYS + asked.condition, parameters)
        return [
            LoadDay(name, source, date.fromisoformat(day), _load_sums(*values))
            for name, source, day, *values in rows
        ]

    def recent_loads(self, *, limit: int = 10, component: str | None = None) -> list[RecentLoads]:
        """Return the last loads that succeeded, `limit` for each component and source."""
        asked = Asked(component)
        found = []
        series = self._connection.execute(_LOADED + asked.condition, asked.parameters())
        for series_id, name, source in series:
            loads = self._connection.execute(_LOADS, (series_id, True, limit))
            if loads:
                found.append(RecentLoads(name, source, tuple(value for (value,) in loads)))
        return found

    def _spans(self, since: datetime, until: datetime) -> list[Span]:
        rows = pruned_before(self._connection, "model_log")
        hours = pruned_before(self._connection, MODEL_HOURS.table)
        return cut_wide(since, until, Kept(rows, hours))


def _in_hours(span: Span) -> Span:
    """Return the same span from the table that knows its runs."""
    return Span("rows" if span.source == "rows" else "hours", span.start, span.end)


def _thoughts(group: Group, sums: TokenSums) -> ThoughtSums:
    component, source, bucket, day, run_id = (*group, None, None)[:5]
    moment = None if day is None else date.fromisoformat(day)
    return ThoughtSums(component, source, bucket, sums, moment, run_id)


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def _load_sums(
    count: int, failures: int, total: float, squares: float, least: float | None, most: float | None
) -> LoadSums:
    return LoadSums(
        count=count,
        failures=failures,
        seconds=total,
        seconds_squared=squares,
        least=least,
        most=most,
    )
