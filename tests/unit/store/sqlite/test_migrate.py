"""The schema, from version to version."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from tests.unit.store.samples import RUN, call

from understudy.store import _migrations, open_store
from understudy.store._migrations import MIGRATIONS, Migration
from understudy.store._sqlite import _migrate

if TYPE_CHECKING:
    from pathlib import Path

_STRICT = "SELECT name FROM pragma_table_list WHERE schema = 'main' AND strict"
_CHILDREN = ("phases", "telemetry", "token_estimates", "lifecycle_events", "model_owners")

_STARTED = "2026-03-14T12:00:00.000000Z"


@pytest.fixture
def db(tmp_path: Path) -> Path:
    """A store with a run and a call."""
    path = tmp_path / "telemetry.db"
    with open_store(path) as store:
        store.write_run(RUN)
        store.write_events([call()])
    return path


def test_migrations_are_numbered_in_their_order() -> None:
    """Their number is the version of the schema."""
    numbers = [int(migration.name.split("_")[0]) for migration in MIGRATIONS]

    assert numbers == list(range(1, len(MIGRATIONS) + 1))
    assert _migrations.MIGRATIONS is MIGRATIONS


def test_an_old_file_is_migrated_with_all_that_it_holds(
    db: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A release later there is a further step."""
    later = Migration(
        name="9999_later",
        statements=("ALTER TABLE telemetry ADD COLUMN mood TEXT",),
        tables=(),
    )
    monkeypatch.setattr(_migrate, "MIGRATIONS", (*MIGRATIONS, later))
    for module in (
        _migrate,
        "understudy.store._sqlite._migrate",
        "understudy.store._sqlite._open",
    ):
        monkeypatch.setattr(
            f"{getattr(module, '__name__', module)}.CURRENT_VERSION", 1 + len(MIGRATIONS)
        )

    with open_store(db) as store:
        assert len(store.events("run")) == 1

    with closing(sqlite3.connect(db)) as database:
        assert database.execute("SELECT mood FROM telemetry").fetchall() == [(None,)]
        assert database.execute("PRAGMA user_version").fetchone() == (1 + len(MIGRATIONS),)
        names = database.execute("SELECT name FROM _sqlite_migrations ORDER BY id").fetchall()
        assert [name for (name,) in names] == [
            *(migration.name for migration in MIGRATIONS),
            "9999_later",
        ]


def test_a_file_of_before_there_was_pruning_is_migrated(tmp_path: Path) -> None:
    """Nothing of it is pruned yet."""
    path = tmp_path / "old.db"
    with pytest.MonkeyPatch.context() as patch, closing(sqlite3.connect(path)) as database:
        patch.setattr(_migrate, "MIGRATIONS", MIGRATIONS[:5])
        patch.setattr(_migrate, "CURRENT_VERSION", 5)
        database.isolation_level = None
        _migrate.migrate(database)
        database.execute("INSERT INTO runs (run_id, started) VALUES ('run', ?)", (_STARTED,))

    with open_store(path) as store:
        assert store.pruned() == {}
        assert store.has_run("run")


def test_a_migration_that_fails_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    """All or nothing."""
    broken = Migration(name="0001_broken", statements=("CREATE TABLE a (b)", "nonsense"))
    with closing(sqlite3.connect(tmp_path / "a.db", isolation_level=None)) as database:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(_migrate, "MIGRATIONS", (broken,))
            with pytest.raises(sqlite3.OperationalError, match="nonsense"):
                _migrate.migrate(database)

        assert database.execute("SELECT name FROM sqlite_master").fetchall() == []


def test_every_table_of_ours_is_strict(db: Path) -> None:
    """A text in a column of numbers is an error."""
    with closing(sqlite3.connect(db)) as database:
        strict = {name for (name,) in database.execute(_STRICT)}
        all_tables = {
            name
            for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        }

    assert {name for name in all_tables - strict if "sqlite" not in name} == set()


@pytest.mark.parametrize("table", _CHILDREN)
def test_every_child_goes_with_its_run(db: Path, table: str) -> None:
    """By a foreign key that cascades."""
    with closing(sqlite3.connect(db)) as database:
        keys = database.execute(f"PRAGMA foreign_key_list({table})").fetchall()

    to_runs = [key for key in keys if key[2] == "runs"]
    assert [(key[3], key[6]) for key in to_runs] == [("run_id", "CASCADE")]


@pytest.mark.parametrize("column", ["subject_id", "user_id", "tier", "event_type"])
def test_events_are_found_by_who_and_when(db: Path, column: str) -> None:
    """There is an index by that column and time."""
    query = f"EXPLAIN QUERY PLAN SELECT * FROM telemetry WHERE {column} = ? AND ts > ?"
    with closing(sqlite3.connect(db)) as database:
        plan = database.execute(query, ("x", "y")).fetchone()[3]

    assert f"({column}=? AND ts>?)" in plan


def test_the_cost_in_usd_has_six_decimals(db: Path) -> None:
    """It follows from the cost in nano-USD."""
    with closing(sqlite3.connect(db)) as database:
        database.execute("UPDATE telemetry SET cost_nanousd = 1234567891")

        assert database.execute("SELECT cost_usd FROM telemetry").fetchall() == [(1.234568,)]
