"""PostgreSQL behind the seam, its errors in our words."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote, urlsplit

import psycopg
from psycopg import errors

from ...errors import StoreError
from .._connection import RefusedRowError
from .._migrations import EVENT_TABLES, SMALL_TABLES
from .._statements import insert

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from .._location import ServerLocation


@contextmanager
def translated(location: ServerLocation) -> Iterator[None]:
    """Raise what psycopg raises as an error of the store at `location`.

    Raises:
        RefusedRowError: a value breaks a constraint or has no form in the database.
        StoreError: anything else.
    """
    try:
        yield
    except (psycopg.IntegrityError, psycopg.DataError, UnicodeEncodeError) as error:
        raise RefusedRowError(one_line(error, location)) from error
    except (errors.LockNotAvailable, errors.QueryCanceled) as error:
        msg = f"the store {location} is locked by another process; try again"
        raise StoreError(msg) from error
    except psycopg.Error as error:
        msg = f"the store {location} cannot be used: {one_line(error, location)}"
        raise StoreError(msg) from error


def one_line(error: Exception, location: ServerLocation) -> str:
    """Return what an error says, in one line and without the password."""
    text = " ".join(str(error).split()).replace(location.url, str(location))
    password = urlsplit(location.url).password
    for secret in {password, unquote(password)} if password else ():
        text = text.replace(secret, "***")
    return text


_TABLES: Final = (*SMALL_TABLES, *EVENT_TABLES)
_ROLLUPS: Final = (
    *("rollups_daily", "rollups_hourly"),
    *("model_rollups_daily", "model_rollups_hourly"),
)
#: Whoever writes holds this advisory lock: rollups are read, added to and written back.
_WRITER: Final = 0x55535459


class PostgresConnection:
    """A `Connection` over psycopg in autocommit mode."""

    def __init__(self, database: psycopg.Connection, location: ServerLocation) -> None:
        self._database = database
        self._location = location
        self._in_transaction = False

    def execute(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        with translated(self._location):
            cursor = self._database.execute(_in_psycopg(sql), parameters)
            return cursor.fetchall() if cursor.description else []

    def execute_many(self, sql: str, rows: Sequence[Sequence[Any]]) -> None:
        with translated(self._location), self._database.cursor() as cursor:
            cursor.executemany(_in_psycopg(sql), rows)

    def add_rows(self, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        self.execute_many(insert(table, columns), rows)

    def delete_rows(self, table: str, where: str, parameters: Sequence[Sequence[Any]]) -> int:
        with translated(self._location), self._database.cursor() as cursor:
            statement = f"DELETE FROM {table} WHERE {where}"  # noqa: S608
            cursor.executemany(_in_psycopg(statement), parameters)
            return max(cursor.rowcount, 0)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        outermost = not self._in_transaction
        with translated(self._location), self._database.transaction():
            if outermost:
                self.execute("SELECT pg_advisory_xact_lock(?)", (_WRITER,))
            self._in_transaction = True
            try:
                yield
            finally:
                self._in_transaction = not outermost

    def row_counts(self) -> dict[str, int]:
        return {
            table: self.execute(f"SELECT COUNT(*) FROM {table}")[0][0]  # noqa: S608
            for table in sorted(_TABLES)
        }

    def size_bytes(self) -> int:
        """Return the size of our tables with their indexes."""
        query = "SELECT SUM(pg_total_relation_size(name::regclass)) FROM unnest(?::text[]) name"
        return int(self.execute(query, ([*_TABLES, *_ROLLUPS],))[0][0])

    def close(self) -> None:
        self._database.close()


def _in_psycopg(sql: str) -> str:
    return sql.replace("?", "%s")
