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
from ._connection import translated

_DATABASE_SUFFIXES: Final = (".db", ".db3", ".sqlite", ".sqlite3")
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
    except CorruptStoreError:
        return True
    return bool(verdict != ("ok",))


def _move(path: Path) -> Path:
    if path.suffix not in _DATABASE_SUFFIXES:
        msg = f"{path} is not a database; name another file for the store"
        raise StoreError(msg)
    target = path.with_name(f"{path.name}.corrupt-{utc_now():%Y%m%dT%H%M%S.%fZ}")
    for companion in _COMPANIONS:
        source = Path(f"{path}{companion}")
        if source.exists():
            source.rename(f"{target}{companion}")
    return target
