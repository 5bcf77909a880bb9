"""The day or month that a budget is for, in the zone of whoever pays."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from ...stats import PeriodKind

_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Period:
    """The calendar days from `first` until before `after` in a zone, however long each is."""

    kind: PeriodKind
    zone: ZoneInfo
    first: date
    after: date

    @property
    def start(self) -> datetime:
        """The first instant of it."""
        return _midnight(self.first, self.zone)

    @property
    def end(self) -> datetime:
        """The first instant behind it."""
        return _midnight(self.after, self.zone)

    @property
    def days(self) -> int:
        """How many calendar days it has."""
        return (self.after - self.first).days

    def days_elapsed(self, now: datetime) -> Fraction:
        """Return how many of its days are over at `now`, from 0 to all.

        A share of the whole period, so that a day of 23 or 25 hours counts like the others.
        """
        over, length = now - self.start, self.end - self.start
        share = Fraction(over // _MICROSECOND, length // _MICROSECOND)
        return self.days * min(max(share, Fraction(0)), Fraction(1))


def period_of(kind: PeriodKind, now: datetime, zone: ZoneInfo) -> Period:
    """Return the day or month that `now` is in."""
    today = local_day(now, zone)
    if kind == "daily":
        return Period(kind, zone, today, today + timedelta(days=1))
    first = today.replace(day=1)
    after = (first + timedelta(days=31)).replace(day=1)
    return Period(kind, zone, first, after)


def local_day(moment: datetime, zone: ZoneInfo) -> date:
    """Return the date that a calendar in the zone shows."""
    return moment.astimezone(zone).date()


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    """Return when a day begins; where no clock shows midnight, the instant that they jump at."""
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)
