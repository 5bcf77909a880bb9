"""Opens a database of PostgreSQL as a store."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import psycopg
from psycopg.adapt import Loader

from ...errors import SettingsError, StoreError
from .._sql_store import SqlStore
from ._connection import PostgresConnection
from ._errors import one_line
from ._migrate import migrate

if TYPE_CHECKING:
    from psycopg.abc import Buffer

    from .._location import ServerLocation
    from .._protocol import Store


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
    return SqlStore(connection, location=str(location))


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
