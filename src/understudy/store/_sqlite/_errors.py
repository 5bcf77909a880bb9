"""SQLite's errors in our words."""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from ...errors import StoreError
from .._errors import CorruptStoreError, RefusedRowError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_PRIMARY_CODE: Final = 0xFF
_CORRUPT: Final = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
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
    except sqlite3.Error as error:
        raise _store_error(path, error) from error


def is_cannot_open(error: BaseException | None) -> bool:
    """Tell whether SQLite could not open a file, or one that belongs beside it."""
    return _code(error) in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY)


def _store_error(path: Path, error: sqlite3.Error) -> StoreError:
    code = _code(error)
    if code in _CORRUPT:
        return CorruptStoreError(
            f"the store {path} is corrupt ({error}); the next run with telemetry sets it aside"
        )
    if code in _BUSY:
        return StoreError(f"the store {path} is locked by another process; try again")
    return StoreError(f"the store {path} cannot be used: {_REASONS.get(code, str(error))}")


def _code(error: BaseException | None) -> int:
    return getattr(error, "sqlite_errorcode", 0) & _PRIMARY_CODE
