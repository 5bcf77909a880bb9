"""Brings a file to the current version of the schema, with sqlite-utils."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ...errors import StoreError
from .._connection import newer_version
from .._migrations import MIGRATIONS, Migration, Spoken
from .._migrations._migration import translate_types
from ._connection import SqliteConnection

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable

    from sqlite_utils import Database


CURRENT_VERSION: Final = len(MIGRATIONS)
#: "USTY" in `PRAGMA application_id`: tells our files from others.
APPLICATION_ID: Final = 0x55535459

TYPES: Final = {
    "TIMESTAMP": "TEXT CHECK ({column} GLOB '????-??-??T??:??:??.??????Z')",
    # Old builds say 0 of NULL.
    "JSON": "TEXT CHECK ({column} IS NULL OR json_valid({column}))",
    "BOOLEAN": "INTEGER CHECK ({column} IN (0, 1))",
    "SERIAL": "INTEGER NOT NULL PRIMARY KEY",
}
# For each row SQLite would build a table of the list: half the time of an insert.
_LIST: Final = re.compile(r"\((\w+) IN \(\s*([^()]*?)\s*\)\)")
_LINE: Final = 80

_ROW_COUNTS: Final = """
CREATE TABLE IF NOT EXISTS row_counts (
    name TEXT NOT NULL PRIMARY KEY, -- of a table
    rows INTEGER NOT NULL       -- kept, since counting a million takes too long
) STRICT
"""
# Whoever inserts counts; who deletes may be a cascade.
_COUNTED: Final = "INSERT INTO row_counts (name, rows) VALUES ('{table}', 0)"
_COUNTING: Final = """
    CREATE TRIGGER {table}_counted AFTER DELETE ON {table}
    BEGIN UPDATE row_counts SET rows = rows - 1 WHERE name = '{table}'; END
    """


def migrate(database: sqlite3.Connection) -> None:
    """Apply the migrations that are pending, all or none, one process at a time.

    Raises:
        sqlite3.Error: the file cannot be written; it is as before.
    """
    # Here since the import takes longer than everything else together.
    from sqlite_utils import Database, Migrations  # noqa: PLC0415

    steps = Migrations("understudy")
    applied: list[Migration] = []
    for migration in MIGRATIONS:
        steps(name=migration.name)(_step(migration, applied))
    with database:
        database.execute("BEGIN IMMEDIATE")
        database.execute(_ROW_COUNTS)
        steps.apply(Database(database, execute_plugins=False))
        _carry(database, applied)
        database.execute(f"PRAGMA user_version = {CURRENT_VERSION}")
        database.execute(f"PRAGMA application_id = {APPLICATION_ID}")


def _step(migration: Migration, applied: list[Migration]) -> Callable[[Database], None]:
    def apply(database: Database) -> None:
        for statement in migration.statements:
            database.conn.execute(_in_sqlite(statement))
        for table in migration.event_tables + migration.bulk_tables:
            database.conn.execute(_COUNTED.format(table=table))
        for table in migration.event_tables:
            database.conn.execute(_COUNTING.format(table=table))
        for table in migration.dropped:
            database.conn.execute("DELETE FROM row_counts WHERE name = ?", (table,))
        applied.append(migration)

    return apply


def _carry(database: sqlite3.Connection, applied: list[Migration]) -> None:
    (_, _, file) = database.execute("PRAGMA database_list").fetchone()
    connection = SqliteConnection(database, Path(file))
    for migration in applied:
        if migration.carry is not None:
            migration.carry(connection)


def _in_sqlite(statement: str | Spoken) -> str:
    text = statement if isinstance(statement, str) else statement.sqlite or ""
    return _LIST.sub(_alternatives, translate_types(text, TYPES))


def _alternatives(match: re.Match[str]) -> str:
    column, words = match.groups()
    terms = [f"{column} = {word}" for word in re.split(r",\s+", words)]
    line = " OR ".join(terms)
    if len(line) < _LINE:
        return f"({line})"
    return "(\n        " + "\n        OR ".join(terms) + "\n    )"


def version_of(database: sqlite3.Connection, path: Path) -> int:
    """Return the version of the schema, 0 for an empty file.

    Raises:
        sqlite3.Error: the file cannot be read, or is no database.
        StoreError: the database is somebody else's, or of a newer version than ours.
    """
    version = _pragma(database, "user_version")
    if _pragma(database, "application_id") != APPLICATION_ID:
        if database.execute("SELECT COUNT(*) FROM sqlite_master").fetchone()[0]:
            msg = f"{path} is a database, but not a telemetry store; name another file"
            raise StoreError(msg)
        return 0
    if version > CURRENT_VERSION:
        raise newer_version(path, version, CURRENT_VERSION)
    return version


def _pragma(database: sqlite3.Connection, name: str) -> int:
    return int(database.execute(f"PRAGMA {name}").fetchone()[0])
