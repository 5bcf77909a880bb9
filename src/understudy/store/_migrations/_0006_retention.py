"""Version 6: up to when rows are pruned, which events came after, and what waits to be deleted."""

from __future__ import annotations

from typing import Final

from ._migration import Migration

_PRUNED = """
CREATE TABLE pruned (
    name TEXT NOT NULL PRIMARY KEY, -- of a table
    before TIMESTAMP NOT NULL,  -- rows that are older are gone, or about to go
    finished TIMESTAMP,         -- when pruning last came to its end; NULL: the next goes on
    late INTEGER NOT NULL DEFAULT 0 CHECK (late >= 0)           -- events that came afterwards
) STRICT
"""

# Their rows are not kept, so that only this tells a journal that is merged twice.
_LATE_EVENTS = """
CREATE TABLE late_events (
    event_id TEXT NOT NULL PRIMARY KEY, -- of an event that stands in the rollups only
    merged TIMESTAMP NOT NULL
) STRICT, WITHOUT ROWID
"""

_ARCHIVES = """
CREATE TABLE archives (
    path TEXT NOT NULL PRIMARY KEY, -- of a whole file, whose rows are about to be deleted
    name TEXT NOT NULL,         -- of their table
    rows INTEGER NOT NULL CHECK (rows > 0)
) STRICT
"""

RETENTION: Final = Migration(name="0006_retention", statements=(_PRUNED, _LATE_EVENTS, _ARCHIVES))
