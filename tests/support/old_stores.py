"""Stores as an earlier release left them."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from understudy.store._migrations import MIGRATIONS
from understudy.store._sqlite import _migrate

if TYPE_CHECKING:
    from pathlib import Path

_STARTED = "2026-03-14T12:00:00.000000Z"


def old_store(path: Path, version: int) -> Path:
    """Make a file of that version of the schema, with one run in it."""
    with pytest.MonkeyPatch.context() as patch, closing(sqlite3.connect(path)) as database:
        patch.setattr(_migrate, "MIGRATIONS", MIGRATIONS[:version])
        patch.setattr(_migrate, "CURRENT_VERSION", version)
        database.isolation_level = None
        _migrate.migrate(database)
        database.execute("INSERT INTO runs (run_id, started) VALUES ('run', ?)", (_STARTED,))
    return path
