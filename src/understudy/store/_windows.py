"""Cuts a window of time into whole days, whole hours and what is left at its ends."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Sequence

Source: TypeAlias = Literal["days", "hours", "calls"]

_GRAINS: Final[tuple[tuple[Source, timedelta], ...]] = (
    ("days", timedelta(days=1)),
    ("hours", timedelta(hours=1)),
)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_END_OF_TIME: Final = datetime(9999, 12, 31, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Span:
    """The part of a window from `start` until before `end`, and what tells its sums."""

    source: Source
    start: datetime
    end: datetime


def cut(since: datetime, until: datetime | None) -> list[Span]:
    """Return the spans that make up the window from `since` until before `until`, in UTC."""
    end = _END_OF_TIME if until is None else until.astimezone(UTC)
    return _cut(since.astimezone(UTC), end, _GRAINS)


def _cut(start: datetime, end: datetime, grains: Sequence[tuple[Source, timedelta]]) -> list[Span]:
    if start >= end:
        return []
    if not grains:
        return [Span("calls", start, end)]
    (source, length), *finer = grains
    first, last = -(-(start - _EPOCH) // length), (end - _EPOCH) // length
    if first >= last:
        return _cut(start, end, finer)
    inner = Span(source, _EPOCH + first * length, _EPOCH + last * length)
    return [*_cut(start, inner.start, finer), inner, *_cut(inner.end, end, finer)]
