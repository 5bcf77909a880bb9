"""Up to when the rows of a table are pruned: what is older comes too late."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from .._rows import timestamp, timestamp_text

if TYPE_CHECKING:
    from datetime import datetime

    from .._connection import Connection

# It never moves back: rows of then are gone.
_MARK: Final = """
    INSERT INTO pruned (name, before) VALUES (?, ?)
    ON CONFLICT (name) DO UPDATE SET before = CASE
        WHEN excluded.before > pruned.before THEN excluded.before ELSE pruned.before END
"""
_BEFORE: Final = "SELECT before FROM pruned WHERE name = ?"
_FINISHED: Final = "SELECT MAX(finished) FROM pruned"
_ALL: Final = "SELECT name, before FROM pruned"


def mark_pruned(connection: Connection, table: str, before: datetime) -> None:
    """Say that the rows of `table` that are older are gone; before the first of them goes."""
    with connection.transaction():
        connection.execute(_MARK, (table, timestamp_text(before)))


def pruned_before(connection: Connection, table: str) -> datetime | None:
    """Return from when on the rows of `table` are there, None where nothing was pruned."""
    rows = connection.execute(_BEFORE, (table,))
    return timestamp(rows[0][0]) if rows else None


def all_marks(connection: Connection) -> dict[str, datetime]:
    """Return the mark of each table that has one."""
    return {name: timestamp(before) for name, before in connection.execute(_ALL)}


def last_finished(connection: Connection) -> datetime | None:
    """Return when a prune last came to its end, None where none did."""
    finished = connection.execute(_FINISHED)[0][0]
    return None if finished is None else timestamp(finished)
