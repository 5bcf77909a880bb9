"""One step of the schema, in words that every database of ours is given its own dialect of."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Migration:
    """One step from a version of the schema to the next.

    `statements` are SQLite's SQL but for the types TIMESTAMP, JSON and BOOLEAN. `tables`
    and `event_tables` are the new ones that hold records; the latter may hold millions.
    """

    name: str
    statements: tuple[str, ...]
    tables: tuple[str, ...] = ()
    event_tables: tuple[str, ...] = ()
