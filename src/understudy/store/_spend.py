"""What was paid for, by the day of a zone and in any window."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import chain
from typing import TYPE_CHECKING, Any, Final

from ..stats import Spending, SpendTotals
from ._known import CHUNK
from ._rollups import SPENT
from ._rows import timestamp_text
from ._windows import Kept, Span, cut_quarters
from .retention import pruned_before

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from ._connection import Connection

_PAID: Final = "origin IN ('live', 'recorded')"
_SUMS: Final = (
    "SELECT SUM(cost_nanousd), SUM(calls), SUM(input_tokens), SUM(output_tokens), SUM(unpriced) "
    "FROM spend_sums WHERE quarter_hour >= ? AND quarter_hour < ?"
)
# Written so that SQLite, too, looks up a range for each day.
_BY_DAY: Final = (
    "WITH days (place, begins, ends) AS (VALUES {}) "
    "SELECT place, SUM(cost_nanousd), SUM(unpriced) FROM days CROSS JOIN spend_sums "
    "WHERE quarter_hour >= begins AND quarter_hour < ends GROUP BY place"
)
_ROWS: Final = (
    "SELECT SUM(cost_nanousd), SUM(CASE WHEN attempt = 1 THEN 1 ELSE 0 END), "  # noqa: S608
    "SUM(input_tokens), SUM(output_tokens), SUM(CASE WHEN cost_nanousd IS NULL AND "
    "(input_tokens IS NOT NULL OR output_tokens IS NOT NULL) THEN 1 ELSE 0 END) FROM telemetry "
    f"WHERE event_type = 'llm_call' AND ts >= ? AND ts < ? AND {_PAID}"
)
#: The first day is found in an index; the hours of it are few.
_FIRST_DAY: Final = "SELECT MIN(day) FROM rollups_daily"
_FIRST_HOUR: Final = "SELECT MIN(hour) FROM rollups_hourly WHERE hour >= ? AND hour < ?"


class SpendHistory:
    """Sums of what was paid for, live and recorded calls, over a `Connection`.

    Every method raises StoreError where the database cannot be read.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def since(self) -> datetime | None:
        """Return the hour (the day, where hours are gone) of the first call of any origin."""
        ((day,),) = self._connection.execute(_FIRST_DAY)
        if day is None:
            return None
        ((hour,),) = self._connection.execute(_FIRST_HOUR, (day, f"{day}T24"))
        return datetime.fromisoformat(hour or day).replace(tzinfo=UTC)

    def spending(self, zone: ZoneInfo, *, first: date, last: date) -> Spending:
        """Return what each day of the zone cost, from `first` to `last`."""
        days = [first + timedelta(days=each) for each in range((last - first).days + 2)]
        borders = [timestamp_text(_midnight(day, zone))[: SPENT.length] for day in days]
        by_day, unpriced = dict[date, int](), dict[date, int]()
        # One question for all days: a server may be far away.
        for start in range(0, len(days) - 1, CHUNK):
            bounds = list(zip(range(start, start + CHUNK), borders[start:], borders[start + 1 :]))  # noqa: B905
            query = _BY_DAY.format(", ".join(["(?, ?, ?)"] * len(bounds)))
            for place, cost, unknown in self._connection.execute(query, [*chain(*bounds)]):
                if cost is not None:
                    by_day[days[place]] = int(cost)
                if unknown:
                    unpriced[days[place]] = int(unknown)
        since = self.since()
        began = None if since is None else since.astimezone(zone).date()
        return Spending(began, by_day, unpriced)

    def totals(self, since: datetime, until: datetime) -> SpendTotals:
        """Sum up from `since` until before `until`, or the next wider window that is kept."""
        kept = Kept(pruned_before(self._connection, "telemetry"))
        sums = [self._sums(span) for span in cut_quarters(since, until, kept)]
        if not sums:
            return SpendTotals(None, 0, None)
        spend, requests, asked, answered, unpriced = map(_total, zip(*sums, strict=True))
        tokens = None if asked is None and answered is None else (asked or 0) + (answered or 0)
        return SpendTotals(spend, requests or 0, tokens, unpriced or 0)

    def _sums(self, span: Span) -> tuple[int | None, ...]:
        start, end = timestamp_text(span.start), timestamp_text(span.end)
        query = _ROWS
        if span.source != "rows":
            query, start, end = _SUMS, start[: SPENT.length], end[: SPENT.length]
        (row,) = self._connection.execute(query, (start, end))
        return tuple(None if value is None else int(value) for value in row)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)


def _total(values: Any) -> int | None:
    known = [value for value in values if value is not None]
    return sum(known) if known else None
