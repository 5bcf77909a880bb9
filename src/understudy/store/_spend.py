"""What was paid for, by the day of a zone and in any window."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, Final

from ..stats import Spending, SpendTotals
from ._rollups import DAYS, HOURS
from ._rows import timestamp_text
from ._windows import Kept, Span, cut_wide
from .retention import pruned_before

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from ._connection import Connection

_PAID: Final = "origin IN ('live', 'recorded')"
_HOUR: Final = timedelta(hours=1)
_GRAINS: Final = {"days": DAYS, "hours": HOURS}
_BY_HOUR: Final = (
    "SELECT hour, SUM(cost_nanousd), SUM(with_usage) - SUM(priced) FROM rollups_hourly "  # noqa: S608
    f"WHERE hour >= ? AND hour < ? AND {_PAID} GROUP BY hour"
)
_SUMS: Final = (
    "SELECT SUM(cost_nanousd), SUM(calls), SUM(input_tokens), SUM(output_tokens), "  # noqa: S608
    "SUM(with_usage) - SUM(priced) FROM {table} "
    f"WHERE {{column}} >= ? AND {{column}} < ? AND {_PAID}"
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
        """Return what each day of the zone cost, from `first` to `last`.

        Where a day begins within an hour, that hour is cut by its rows; where they are gone, it
        belongs to the day that it begins in.
        """
        begin, end = _midnight(first, zone), _midnight(last + timedelta(days=1), zone)
        by_day: defaultdict[date, int] = defaultdict(int)
        unpriced = 0
        for text, cost, unknown in self._connection.execute(
            _BY_HOUR, (_hour_text(begin), _hour_text(end + _HOUR))
        ):
            hour = datetime.fromisoformat(text).replace(tzinfo=UTC)
            unpriced += int(unknown)
            for day, part in self._by_day(zone, hour, int(cost or 0)):
                by_day[day] += part
        since = self.since()
        return Spending(
            None if since is None else since.astimezone(zone).date(),
            {day: cost for day, cost in by_day.items() if first <= day <= last},
            unpriced,
        )

    def totals(self, since: datetime, until: datetime) -> SpendTotals:
        """Sum up from `since` until before `until`, or the next wider window that is kept."""
        kept = Kept(
            pruned_before(self._connection, "telemetry"),
            pruned_before(self._connection, HOURS.table),
        )
        sums = [self._sums(span) for span in cut_wide(since, until, kept)]
        spend, requests, asked, answered, unpriced = map(_total, zip(*sums, strict=True))
        tokens = None if asked is None and answered is None else (asked or 0) + (answered or 0)
        return SpendTotals(spend, requests or 0, tokens, unpriced or 0)

    def _by_day(self, zone: ZoneInfo, hour: datetime, cost: int) -> list[tuple[date, int]]:
        """Return the days that an hour is in, and what each has of its cost."""
        day, next_day = (moment.astimezone(zone).date() for moment in (hour, hour + _HOUR))
        border = _midnight(next_day, zone)
        if day == next_day or border >= hour + _HOUR:
            return [(day, cost)]
        kept_from = pruned_before(self._connection, "telemetry")
        if kept_from is not None and hour < kept_from:
            return [(day, cost)]
        later = self._sums(Span("rows", border, hour + _HOUR))[0] or 0
        return [(day, cost - later), (next_day, later)]

    def _sums(self, span: Span) -> tuple[int | None, ...]:
        start, end = timestamp_text(span.start), timestamp_text(span.end)
        query = _ROWS
        if span.source != "rows":
            grain = _GRAINS[span.source]
            query = _SUMS.format(table=grain.table, column=grain.column)
            start, end = start[: grain.length], end[: grain.length]
        (row,) = self._connection.execute(query, (start, end))
        return tuple(None if value is None else int(value) for value in row)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)


def _hour_text(moment: datetime) -> str:
    return timestamp_text(moment)[: HOURS.length]


def _total(values: Any) -> int | None:
    known = [value for value in values if value is not None]
    return sum(known) if known else None
