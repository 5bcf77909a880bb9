"""SQLite behind the seam, its errors in our words."""

from __future__ import annotations

import math
import sqlite3
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any, Final

from ...durable import FileLock
from ...errors import StoreError
from .._connection import CorruptStoreError, Pace, PruneIsRunningError, RefusedRowError
from .._migrations import BULK_TABLES, SMALL_TABLES
from .._statements import insert
from ._space import give_back, limit_log

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from .._records import Space

_PRIMARY_CODE: Final = 0xFF
_CORRUPT: Final = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
#: Our statements are right: where SQLite takes them for wrong, the file may be so.
_DOUBTFUL: Final = (
    *(sqlite3.SQLITE_ERROR, sqlite3.SQLITE_FORMAT, sqlite3.SQLITE_INTERNAL),
    *(sqlite3.SQLITE_MISMATCH, sqlite3.SQLITE_TOOBIG),
)
DATABASE_SUFFIXES: Final = (".db", ".db3", ".sqlite", ".sqlite3")
_BUSY: Final = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
_REASONS: Final = {
    sqlite3.SQLITE_FULL: "the disk is full",
    sqlite3.SQLITE_IOERR: "the disk cannot be read or written",
    sqlite3.SQLITE_READONLY: "it is read-only",
    sqlite3.SQLITE_CANTOPEN: "it cannot be opened; see whether its folder can be written",
    sqlite3.SQLITE_PERM: "permission is denied",
}


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Raise what SQLite raises as an error of the store at `path`.

    Raises:
        CorruptStoreError: the file is damaged or no database.
        RefusedRowError: a value breaks a constraint or has no form in the database.
        StoreError: anything else.
    """
    try:
        yield
    except sqlite3.IntegrityError as error:
        raise RefusedRowError(str(error)) from error
    except (UnicodeEncodeError, OverflowError, sqlite3.DataError) as error:
        msg = f"a value has no form in SQLite: {error}"
        raise RefusedRowError(msg) from error
    except UnicodeDecodeError as error:
        raise _corrupt(path, error) from error
    except sqlite3.Error as error:
        raise _store_error(path, error) from error


def is_cannot_open(error: BaseException | None) -> bool:
    """Tell whether SQLite could not open a file, or one that belongs beside it."""
    return _code(error) in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY)


def _store_error(path: Path, error: sqlite3.Error) -> StoreError:
    code = _code(error)
    if code in _CORRUPT or (not code and "decode" in str(error)):
        return _corrupt(path, error)
    if code in _BUSY:
        return StoreError(f"the store {path} is locked by another process; try again")
    kind = CorruptStoreError if code in _DOUBTFUL else StoreError
    return kind(f"the store {path} cannot be used: {_REASONS.get(code, str(error))}")


def _corrupt(path: Path, error: Exception) -> CorruptStoreError:
    if path.suffix not in DATABASE_SUFFIXES:
        return CorruptStoreError(f"{path} is not a database; name another file for the store")
    why = str(error) if isinstance(error, sqlite3.Error) else type(error).__name__
    return CorruptStoreError(
        f"the store {path} is corrupt ({why}); a run with telemetry that meets it sets it aside"
    )


def _code(error: BaseException | None) -> int:
    return getattr(error, "sqlite_errorcode", 0) & _PRIMARY_CODE


def _give_logarithm(database: sqlite3.Connection) -> None:
    try:
        database.execute("SELECT ln(1.0)")
    except sqlite3.OperationalError:  # a build without functions of mathematics
        database.create_function("ln", 1, math.log, deterministic=True)


class SqliteConnection:
    """A `Connection` over `sqlite3` in autocommit mode."""

    def __init__(self, database: sqlite3.Connection, path: Path) -> None:
        self._database = database
        self._path = path
        _give_logarithm(database)

    def execute(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        with translated(self._path):
            return self._database.execute(sql, parameters).fetchall()

    def stream(
        self, sql: str, parameters: Sequence[Any] = (), *, size: int
    ) -> Iterator[list[tuple[Any, ...]]]:
        with translated(self._path):
            cursor = self._database.execute(sql, parameters)
        with closing(cursor):
            while rows := self._fetched(cursor, size):
                yield rows

    def _fetched(self, cursor: sqlite3.Cursor, size: int) -> list[tuple[Any, ...]]:
        with translated(self._path):
            return cursor.fetchmany(size)

    def execute_many(self, sql: str, rows: Sequence[Sequence[Any]]) -> None:
        with translated(self._path):
            self._database.executemany(sql, rows)

    def add_rows(self, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        """Insert new `rows` and count them.

        A trigger for each would take longer than all the rest of its insert.
        """
        self.execute_many(insert(table, columns), rows)
        self._count(table, len(rows))

    def delete_rows(self, table: str, where: str, parameters: Sequence[Sequence[Any]]) -> int:
        with translated(self._path):
            deleted = self._database.executemany(
                f"DELETE FROM {table} WHERE {where}",  # noqa: S608
                parameters,
            )
        count = max(deleted.rowcount, 0)
        if table in BULK_TABLES:
            self._count(table, -count)
        return count

    def _count(self, table: str, change: int) -> None:
        self.execute("UPDATE row_counts SET rows = rows + ? WHERE name = ?", (change, table))

    @contextmanager
    def transaction(self) -> Iterator[None]:
        nested = self._database.in_transaction
        begin, commit, roll_back = _NESTED if nested else _OUTERMOST
        self.execute(begin)
        try:
            yield
            self.execute(commit)
        except BaseException:
            # A full disk ends the transaction by itself.
            if self._database.in_transaction:
                for statement in roll_back:
                    self.execute(statement)
            raise

    def row_counts(self) -> dict[str, int]:
        """Return the counts that are kept, and count the tables that stay small."""
        counts = self.execute("SELECT name, rows FROM row_counts")
        counts += [
            (table, self.execute(f"SELECT COUNT(*) FROM {table}")[0][0])  # noqa: S608
            for table in SMALL_TABLES
        ]
        return dict(counts)

    def table_bytes(self, table: str) -> int | None:
        query = (
            "SELECT SUM(pgsize) FROM dbstat WHERE name IN "
            "(SELECT name FROM sqlite_master WHERE tbl_name = ?)"
        )
        try:
            return int(self._database.execute(query, (table,)).fetchone()[0])
        except sqlite3.OperationalError:
            return None  # a build without it

    @contextmanager
    def pruning(self) -> Iterator[None]:
        """Hold a lock beside the file, which the system frees when the process dies."""
        lock = FileLock(self._path.with_name(f"{self._path.name}.prune.lock"))
        try:
            held = lock.acquire()
        except OSError as error:
            msg = f"the store {self._path} cannot be pruned: {error.strerror} ({lock.path})"
            raise StoreError(msg) from error
        if not held:
            raise PruneIsRunningError(self._path)
        try:
            limit_log(self)
            yield
        finally:
            lock.remove()

    def give_back(self, pace: Pace) -> Space:
        return give_back(self, pace)

    def pragma(self, name: str) -> int:
        """Return a number that SQLite tells of the file."""
        return int(self.execute(f"PRAGMA {name}")[0][0])

    def run_script(self, script: str) -> None:
        """Run statements to their end: a query runs only as far as its rows are fetched."""
        with translated(self._path):
            self._database.executescript(script)

    def size_bytes(self) -> int:
        """Return the size of the file; not the log beside it, which comes and goes."""
        pages, size = self.execute("PRAGMA page_count"), self.execute("PRAGMA page_size")
        return int(pages[0][0]) * int(size[0][0])

    def close(self) -> None:
        with translated(self._path):
            self._database.close()


# IMMEDIATE takes the write lock at once: a transaction that read first and writes later
# fails without waiting when another one wrote in between.
_OUTERMOST = ("BEGIN IMMEDIATE", "COMMIT", ("ROLLBACK",))
_NESTED = ("SAVEPOINT nested", "RELEASE nested", ("ROLLBACK TO nested", "RELEASE nested"))
