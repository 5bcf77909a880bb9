"""Opens a file of SQLite as a store, made, migrated or set aside as it needs."""

from __future__ import annotations

import sqlite3
from contextlib import closing, suppress
from typing import TYPE_CHECKING, Final

from ...durable import make_state_folder
from ...errors import StoreError
from .._connection import CorruptStoreError
from .._store import Store
from ._connection import SqliteConnection, is_cannot_open, translated
from ._migrate import CURRENT_VERSION, migrate, version_of
from ._set_aside import set_aside

if TYPE_CHECKING:
    from pathlib import Path

#: The first with STRICT tables.
_OLDEST_SQLITE: Final = (3, 37, 0)


def open_sqlite(path: Path, *, create: bool, timeout: float) -> Store:
    """Open the store at `path`; a corrupt one is set aside, but only to make a new one.

    Raises:
        StoreError: see `open_store`.
    """
    if not create:
        return _open_to_read(path, timeout)
    try:
        make_state_folder(path.parent)
    except OSError as error:
        msg = f"the folder of the store {path} cannot be made: {error.strerror}"
        raise StoreError(msg) from error
    moved = None
    try:
        connection = _connect(path, "rwc", timeout)
    except CorruptStoreError:
        moved = set_aside(path, timeout=timeout)
        connection = _connect(path, "rwc", timeout)
    return Store(connection, location=str(path), set_aside=moved)


def stored_version(path: Path, *, timeout: float) -> int:
    """Return the version of the schema that the store at `path` has; 0 for an empty file.

    Raises:
        StoreError: there is none, or it cannot be read, or is of a newer version.
    """
    _check_is_there(path)
    uri = f"{path.absolute().as_uri()}?mode=rw"
    with translated(path), closing(sqlite3.connect(uri, uri=True, timeout=timeout)) as database:
        return version_of(database, path)


def _check_is_there(path: Path) -> None:
    if not path.is_file():
        msg = f"there is no store at {path}; `pytest --llm-telemetry` makes one"
        raise StoreError(msg)


def _open_to_read(path: Path, timeout: float) -> Store:
    _check_is_there(path)
    try:
        connection = _connect(path, "rw", timeout)
    except StoreError as error:
        if not is_cannot_open(error.__cause__):
            raise
        # In a read-only folder SQLite cannot make the file that a log needs beside it.
        connection = _connect(path, "ro&immutable=1", timeout)
    return Store(connection, location=str(path))


def _connect(path: Path, mode: str, timeout: float) -> SqliteConnection:
    if sqlite3.sqlite_version_info < _OLDEST_SQLITE:
        msg = (
            f"the store {path} needs SQLite 3.37 or newer; this Python has {sqlite3.sqlite_version}"
        )
        raise StoreError(msg)
    uri = f"{path.absolute().as_uri()}?mode={mode}"
    with translated(path):
        database = sqlite3.connect(uri, uri=True, timeout=timeout, isolation_level=None)
        try:
            _prepare(database, path)
        except BaseException:
            database.close()
            raise
    return SqliteConnection(database, path)


def _prepare(database: sqlite3.Connection, path: Path) -> None:
    version = version_of(database, path)
    database.execute("PRAGMA foreign_keys = ON")
    if version == 0:
        # Takes effect only before the first table is made.
        database.execute("PRAGMA auto_vacuum = INCREMENTAL")
    if version < CURRENT_VERSION:
        # A network folder cannot have a log beside the file: stay as it is there.
        with suppress(sqlite3.OperationalError):
            database.execute("PRAGMA journal_mode = WAL")
        migrate(database)
        # What a step copied and dropped goes back to the disk. A script: of a query SQLite runs
        # only as much as rows are fetched.
        with suppress(sqlite3.OperationalError):
            database.executescript("PRAGMA incremental_vacuum")
    if database.execute("PRAGMA journal_mode").fetchone() == ("wal",):
        database.execute("PRAGMA synchronous = NORMAL")
