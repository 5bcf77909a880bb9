"""Moves a corrupt file out of the way and loses nothing of it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Final

from ...clock import utc_now
from ...durable import FileLock
from ...errors import StoreError
from .._connection import CorruptStoreError
from .._store import Store
from ._connection import DATABASE_SUFFIXES, SqliteConnection, translated
from ._migrate import CURRENT_VERSION, version_of

_COMPANIONS: Final = ("", "-wal", "-shm", "-journal")


def set_aside(path: Path, *, timeout: float) -> Path | None:
    """Rename the corrupt store at `path` and return its new name.

    None where it is not corrupt (any more: another process was faster).

    Raises:
        StoreError: the file cannot be moved, or is not named like a database.
    """
    lock = FileLock(path.with_name(f"{path.name}.lock"))
    try:
        if not lock.acquire(timeout=timeout):
            msg = f"the corrupt store {path} is held by another process"
            raise StoreError(msg)
        try:
            return _move(path) if _is_corrupt(path, timeout) else None
        finally:
            lock.remove()
    except OSError as error:
        msg = f"the corrupt store {path} cannot be set aside: {error.strerror}"
        raise StoreError(msg) from error


def _is_corrupt(path: Path, timeout: float) -> bool:
    try:
        with translated(path), closing(sqlite3.connect(path, timeout=timeout)) as database:
            verdict = database.execute("PRAGMA integrity_check(1)").fetchone()
            if verdict == ("ok",):
                _read_all(database, path)
    except CorruptStoreError:
        return True
    return bool(verdict != ("ok",))


def _read_all(database: sqlite3.Connection, path: Path) -> None:
    """Read every row: SQLite looks at how they are kept, and not at what they say.

    Raises:
        CorruptStoreError: one cannot be read.
    """
    tables = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    for (table,) in tables:
        for _ in database.execute(f'SELECT * FROM "{table}"'):  # noqa: S608 - a name of its own
            pass
    if version_of(database, path) == CURRENT_VERSION:
        Store(SqliteConnection(database, path), location=str(path)).read_all()


def _move(path: Path) -> Path:
    if path.suffix not in DATABASE_SUFFIXES:
        msg = f"{path} is not a database; name another file for the store"
        raise StoreError(msg)
    target = path.with_name(f"{path.name}.corrupt-{utc_now():%Y%m%dT%H%M%S.%fZ}")
    for companion in _COMPANIONS:
        source = Path(f"{path}{companion}")
        if source.exists():
            source.rename(f"{target}{companion}")
    return target
