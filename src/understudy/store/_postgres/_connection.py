"""PostgreSQL behind the seam, its errors in our words."""

from __future__ import annotations

import math
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote, urlsplit

import psycopg
from psycopg import errors

from ...errors import StoreError
from .._connection import Pace, PruneIsRunningError, RefusedRowError
from .._migrations import EVENT_TABLES, SMALL_TABLES
from .._records import Space
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
    *("rollups_daily", "rollups_hourly", "spend_sums"),
    *("model_rollups_daily", "model_rollups_hourly"),
)
#: Whoever writes holds this advisory lock: rollups are read, added to and written back.
_WRITER: Final = 0x55535459
_LOCK: Final = "SELECT set_config('lock_timeout', ?, true), pg_advisory_xact_lock(?)"
#: From how many rows on a temporary table is worth its making.
_WORTH_COPYING: Final = 100
#: Who prunes holds this one.
_PRUNER: Final = 0x55535450


class PostgresConnection:
    """A `Connection` over psycopg in autocommit mode.

    What it sets ends with its transaction, so that pgbouncer may give each of them another
    connection to the server. `patience` is how long to wait for a lock, in seconds.
    """

    def __init__(
        self, database: psycopg.Connection, location: ServerLocation, *, patience: float
    ) -> None:
        self._database = database
        self._location = location
        self._patience = f"{math.ceil(patience * 1000)}ms"
        self._in_transaction = False

    def execute(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        with translated(self._location):
            cursor = self._database.execute(_in_psycopg(sql), parameters)
            return cursor.fetchall() if cursor.description else []

    def stream(
        self, sql: str, parameters: Sequence[Any] = (), *, size: int
    ) -> Iterator[list[tuple[Any, ...]]]:
        with self._database.transaction(), self._database.cursor("understudy") as cursor:
            with translated(self._location):
                cursor.execute(_in_psycopg(sql), parameters)
            while rows := self._fetched(cursor, size):
                yield rows

    def _fetched(
        self, cursor: psycopg.ServerCursor[tuple[Any, ...]], size: int
    ) -> list[tuple[Any, ...]]:
        with translated(self._location):
            return cursor.fetchmany(size)

    def execute_many(self, sql: str, rows: Sequence[Sequence[Any]]) -> None:
        with translated(self._location), self._database.cursor() as cursor:
            cursor.executemany(_in_psycopg(sql), rows)

    def add_rows(self, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        """Insert new `rows`: many by way of a table of this transaction, which COPY fills."""
        if len(rows) < _WORTH_COPYING:
            self.execute_many(f"{insert(table, columns)} ON CONFLICT DO NOTHING", rows)
            return
        names = ", ".join(columns)
        self.execute(f"CREATE TEMPORARY TABLE incoming (LIKE {table}) ON COMMIT DROP")
        with (
            translated(self._location),
            self._database.cursor() as cursor,
            cursor.copy(f"COPY incoming ({names}) FROM STDIN") as copy,
        ):
            for row in rows:
                copy.write_row(row)
        self.execute(
            f"INSERT INTO {table} ({names}) "  # noqa: S608
            f"SELECT {names} FROM incoming ON CONFLICT DO NOTHING"
        )
        self.execute("DROP TABLE incoming")

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
                self.execute(_LOCK, (self._patience, _WRITER))
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

    def table_bytes(self, table: str) -> int | None:
        return int(self.execute("SELECT pg_total_relation_size(?::regclass)", (table,))[0][0])

    @contextmanager
    def pruning(self) -> Iterator[None]:
        """Hold an advisory lock in a transaction of a connection of its own.

        A lock of a session would stay with the server's connection, where pgbouncer gives each
        transaction another one.
        """
        with translated(self._location):
            holder = psycopg.connect(self._location.url, prepare_threshold=None)
        with closing(holder):
            with translated(self._location):
                lock = holder.execute("SELECT pg_try_advisory_xact_lock(%s)", (_PRUNER,))
                held = lock.fetchone()
            if held != (True,):
                raise PruneIsRunningError(self._location)
            yield

    def give_back(self, pace: Pace) -> Space:  # noqa: ARG002 - the server's own vacuum does it
        return Space()

    def size_bytes(self) -> int:
        """Return the size of our tables with their indexes."""
        query = "SELECT SUM(pg_total_relation_size(name::regclass)) FROM unnest(?::text[]) name"
        return int(self.execute(query, ([*_TABLES, *_ROLLUPS],))[0][0])

    def close(self) -> None:
        self._database.close()


def _in_psycopg(sql: str) -> str:
    return sql.replace("?", "%s")
