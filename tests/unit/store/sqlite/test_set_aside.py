"""Corrupt stores, out of the way."""

from __future__ import annotations

import sqlite3
from contextlib import closing, suppress
from typing import TYPE_CHECKING

import pytest
from tests.unit.store.samples import NOON, RUN, call, damage

from understudy.durable import FileLock
from understudy.errors import StoreError
from understudy.store import open_store, recover_store

if TYPE_CHECKING:
    from pathlib import Path


def test_a_store_that_is_well_stays(tmp_path: Path) -> None:
    """Another process may have made a new one already."""
    db = tmp_path / "telemetry.db"
    open_store(db).close()

    assert recover_store(db) is None
    assert db.exists()


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE telemetry SET request_model = CAST(x'ff' AS TEXT)",
        "UPDATE telemetry SET ts = '2026-xx-14T12:00:00.000000Z'",
        "UPDATE telemetry SET usage_raw = '{'",
        "UPDATE rollups_daily SET model = CAST(x'ff' AS TEXT)",
        "DROP TABLE token_estimates",
    ],
)
def test_damage_that_only_a_reader_notices_is_damage(tmp_path: Path, damage: str) -> None:
    """SQLite looks at how rows are kept, and not at what they say; both name the store."""
    db = tmp_path / "telemetry.db"
    with open_store(db) as store:
        store.write_run(RUN)
        store.write_events([call()])
    with closing(sqlite3.connect(db)) as database, database:
        database.execute("PRAGMA ignore_check_constraints = ON")
        database.execute(damage)

    with open_store(db, create=False) as store:
        reads = (store.events, store.estimates, lambda _: store.statistics_by_model(since=NOON))
        for read in reads:
            with suppress(StoreError):
                read("run")

    assert recover_store(db) is not None


def test_a_log_goes_along_with_its_store(tmp_path: Path) -> None:
    """Another process may still write into both."""
    db = tmp_path / "telemetry.db"
    with open_store(db) as in_use:
        in_use.write_run(RUN)
        damage(db, "telemetry")

        target = recover_store(db)

    assert target is not None
    assert f"{target.name}-wal" in {path.name for path in tmp_path.iterdir()}
    assert not db.exists()


def test_a_file_that_is_not_named_like_a_database_is_not_moved(tmp_path: Path) -> None:
    """Somebody mistyped the name of the store."""
    readme = tmp_path / "README.md"
    readme.write_text("# Read me")

    with pytest.raises(StoreError, match=r"README\.md is not a database; name another file"):
        open_store(readme)

    assert [path.name for path in tmp_path.iterdir()] == ["README.md"]


def test_one_process_at_a_time_sets_a_store_aside(tmp_path: Path) -> None:
    """The second would move the new store of the first."""
    db = tmp_path / "telemetry.db"
    db.write_text("This is not SQLite.")
    other = FileLock(tmp_path / "telemetry.db.lock")
    other.acquire()

    with pytest.raises(StoreError, match="held by another process"):
        recover_store(db, timeout=0.05)

    assert db.exists()


def test_a_store_that_cannot_be_moved_is_named(tmp_path: Path) -> None:
    """Its lock cannot be made."""
    db = tmp_path / "telemetry.db"
    db.write_text("This is not SQLite.")
    (tmp_path / "telemetry.db.lock").mkdir()

    with pytest.raises(StoreError, match=r"telemetry\.db cannot be set aside"):
        recover_store(db)


def test_a_server_sets_nothing_aside() -> None:
    """Its files are its own."""
    assert recover_store("postgresql://host/llm") is None
