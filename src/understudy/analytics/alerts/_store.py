"""Alerts of a store: too large, too many rows, old rows that should be gone."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final, Protocol

from ._alert import Alert

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

#: In bytes, and in rows of all tables together.
LARGEST_SIZE: Final = 100_000_000
LARGEST_ROWS: Final = 1_000_000

_DAY: Final = timedelta(days=1)


class Footprint(Protocol):
    """How large a store is, and when the oldest event was that a prune would delete."""

    @property
    def size_bytes(self) -> int: ...

    @property
    def rows(self) -> Mapping[str, int]: ...

    @property
    def oldest_prunable(self) -> datetime | None: ...


def store_alerts(
    footprint: Footprint, *, now: datetime, retention: timedelta | None = None
) -> Iterator[Alert]:
    """Yield what is wrong with a store whose rows are kept for `retention`; None is for ever.

    `size` is in bytes, `rows` counts rows. `pruning` is the age of the oldest event in days: it
    should have been gone for a day. Estimates do not count, which a prune keeps.
    """
    rows = sum(footprint.rows.values())
    for subject, value, limit in (
        ("size", footprint.size_bytes, LARGEST_SIZE),
        ("rows", rows, LARGEST_ROWS),
    ):
        if value > limit:
            yield Alert(kind="store", subject=subject, level="warning", value=value, limit=limit)
    oldest = footprint.oldest_prunable
    if retention is not None and oldest is not None and now - oldest > retention + _DAY:
        yield Alert(
            kind="store",
            subject="pruning",
            level="warning",
            value=(now - oldest) / _DAY,
            limit=retention / _DAY,
            since=oldest + retention,
        )
