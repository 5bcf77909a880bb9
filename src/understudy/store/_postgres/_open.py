"""Opens a database of PostgreSQL as a store, at the current version of the schema."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Final

import psycopg
from psycopg.adapt import Loader

from ...errors import SettingsError, StoreError
from .._connection import newer_version
from .._migrations import MIGRATIONS
from .._migrations._migration import translate_types
from .._store import Store
from ._connection import PostgresConnection, one_line

if TYPE_CHECKING:
    from psycopg.abc import Buffer

    from .._location import ServerLocation

CURRENT_VERSION: Final = len(MIGRATIONS)

_TYPES: Final = {
    "TIMESTAMP": "TIMESTAMPTZ",
    "INTEGER": "BIGINT",
    "REAL": "DOUBLE PRECISION",
    "BLOB": "BYTEA",
}
_TABLE_OPTIONS: Final = re.compile(r"\) STRICT(, WITHOUT ROWID)?$")
_TABLES: Final = (
    "SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema()"
)


def migrate(connection: PostgresConnection, location: ServerLocation, *, create: bool) -> None:
    """Apply the migrations that are pending, all or none, one process at a time.

    Raises:
        StoreError: the schema is empty and `create` is false, is somebody else's, or of a
            newer version than ours.
    """
    version = _version(connection, location)
    if version == CURRENT_VERSION:
        return
    if version == 0 and not create:
        msg = f"there is no store at {location}; `pytest --llm-telemetry` makes one"
        raise StoreError(msg)
    with connection.transaction():
        # Another process may have been faster.
        for migration in MIGRATIONS[_version(connection, location) :]:
            for statement in migration.statements:
                connection.execute(_in_postgres(statement))
        connection.execute("CREATE TABLE IF NOT EXISTS understudy_schema (version BIGINT NOT NULL)")
        connection.execute("DELETE FROM understudy_schema")
        connection.execute("INSERT INTO understudy_schema VALUES (?)", (CURRENT_VERSION,))


def _version(connection: PostgresConnection, location: ServerLocation) -> int:
    tables = {name for (name,) in connection.execute(_TABLES)}
    if "understudy_schema" not in tables:
        if tables:
            msg = (
                f"the database {location} holds other tables and no telemetry; name another "
                "one, or a schema of its own with ?options=-csearch_path%3Dname"
            )
            raise StoreError(msg)
        return 0
    version = int(connection.execute("SELECT version FROM understudy_schema")[0][0])
    if version > CURRENT_VERSION:
        raise newer_version(location, version, CURRENT_VERSION)
    return version


def _in_postgres(statement: str) -> str:
    translated = translate_types(statement, _TYPES).replace(") VIRTUAL", ") STORED")
    return _TABLE_OPTIONS.sub(")", translated)


class _SumLoader(Loader):
    """PostgreSQL sums integers as numeric; ours are whole."""

    def load(self, data: Buffer) -> int:
        return int(bytes(data))


def open_postgres(location: ServerLocation, *, create: bool, timeout: float) -> Store:
    """Open the store at `location`.

    Raises:
        SettingsError: the URL has parameters that PostgreSQL does not know.
        StoreError: see `open_store`.
    """
    database = _connect(location, timeout)
    connection = PostgresConnection(database, location)
    try:
        database.adapters.register_loader("numeric", _SumLoader)
        connection.execute("SET TIME ZONE 'UTC'")
        connection.execute(f"SET lock_timeout = {math.ceil(timeout * 1000)}")
        migrate(connection, location, create=create)
    except BaseException:
        connection.close()
        raise
    return Store(connection, location=str(location))


def stored_version(location: ServerLocation, *, timeout: float) -> int:
    """Return the version of the schema that the store at `location` has, 0 for none at all.

    Raises:
        SettingsError, StoreError: see `open_postgres`.
    """
    connection = PostgresConnection(_connect(location, timeout), location)
    try:
        return _version(connection, location)
    finally:
        connection.close()


def _connect(location: ServerLocation, timeout: float) -> psycopg.Connection:
    try:
        return psycopg.connect(
            location.url, autocommit=True, connect_timeout=max(2, math.ceil(timeout))
        )
    except psycopg.ProgrammingError as error:
        msg = f"the store {location} is no URL of PostgreSQL: {one_line(error, location)}"
        raise SettingsError(msg) from None
    except psycopg.Error as error:
        msg = f"the store {location} cannot be reached: {one_line(error, location)}"
        raise StoreError(msg) from None
