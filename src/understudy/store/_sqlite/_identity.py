"""Tells a store from other databases, and of which version it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...errors import StoreError
from .._errors import newer_version
from ._migrate import APPLICATION_ID, CURRENT_VERSION

if TYPE_CHECKING:
    import sqlite3
    from pathlib import Path


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
