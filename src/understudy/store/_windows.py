"""Windows of time, cut into whole days, whole hours and the rows at the ends."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Source: TypeAlias = Literal["days", "hours", "quarters", "rows"]

_HOUR: Final = timedelta(hours=1)
_DAY: Final = timedelta(days=1)
_Lengths: TypeAlias = "tuple[tuple[Source, timedelta], ...]"
_LENGTHS: Final[_Lengths] = (("days", _DAY), ("hours", _HOUR))
_QUARTER: Final = timedelta(minutes=15)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_END_OF_TIME: Final = datetime(9999, 12, 31, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Span:
    """The part of a window from `start` until before `end`, and what tells its sums."""

    source: Source
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Kept:
    """From when on rows and hours are there; None: from the beginning."""

    rows: datetime | None = None
    hours: datetime | None = None


def cut(since: datetime, until: datetime | None) -> list[Span]:
    """Return the spans that make up the window from `since` until before `until`, in UTC."""
    end = _END_OF_TIME if until is None else until.astimezone(UTC)
    return _cut(since.astimezone(UTC), end, _LENGTHS)


def cut_wide(since: datetime, until: datetime | None, kept: Kept) -> list[Span]:
    """Return the spans of the smallest window around `since` and `until` that can be told.

    An end among rows that are gone moves to the whole hour; among hours that are gone, to the
    whole day.
    """
    spans = cut(since, until)
    spans = _widened(spans, "rows", kept.rows, _HOUR)
    return joined(_widened(spans, "hours", kept.hours, _DAY))


def joined(spans: Iterable[Span]) -> list[Span]:
    """Return the same with each that goes on where the one before ends as one with it."""
    found: list[Span] = []
    for span in spans:
        if found and found[-1].source == span.source:
            found[-1] = Span(span.source, found[-1].start, span.end)
        else:
            found.append(span)
    return found


def cut_quarters(since: datetime, until: datetime, kept: Kept) -> list[Span]:
    """Return the same of whole quarters of an hour, which are kept for ever, and of rows."""
    lengths: _Lengths = (("quarters", _QUARTER),)
    spans = _cut(since.astimezone(UTC), until.astimezone(UTC), lengths)
    return _widened(spans, "rows", kept.rows, _QUARTER, lengths)


def _widened(
    spans: list[Span],
    source: Source,
    kept_from: datetime | None,
    length: timedelta,
    lengths: _Lengths = _LENGTHS,
) -> list[Span]:
    gone = [
        span
        for span in spans
        if span.source == source and kept_from is not None and span.start < kept_from
    ]
    if not gone:
        return spans
    start = min(spans[0].start, _floor(gone[0].start, length))
    end = max(spans[-1].end, _ceiling(gone[-1].end, length))
    return _cut(start, end, lengths)


def _floor(moment: datetime, length: timedelta) -> datetime:
    return _EPOCH + (moment - _EPOCH) // length * length


def _ceiling(moment: datetime, length: timedelta) -> datetime:
    return _EPOCH + -(-(moment - _EPOCH) // length) * length


def _cut(start: datetime, end: datetime, grains: Sequence[tuple[Source, timedelta]]) -> list[Span]:
    if start >= end:
        return []
    if not grains:
        return [Span("rows", start, end)]
    (source, length), *finer = grains
    first, last = -(-(start - _EPOCH) // length), (end - _EPOCH) // length
    if first > last:
        return _cut(start, end, finer)
    # Where no whole one is inside, the two parts are still told apart: one may be kept.
    if first == last:
        border = _EPOCH + first * length
        return [*_cut(start, border, finer), *_cut(border, end, finer)]
    inner = Span(source, _EPOCH + first * length, _EPOCH + last * length)
    return [*_cut(start, inner.start, finer), inner, *_cut(inner.end, end, finer)]
