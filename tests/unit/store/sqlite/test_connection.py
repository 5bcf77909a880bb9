"""A connection to a file of SQLite."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from tests.unit.store.samples import RUN, call

from understudy.errors import StoreError
from understudy.store import open_store
from understudy.store._connection import CorruptStoreError
from understudy.store._sqlite._connection import SqliteConnection, translated

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def database(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """A database with a table."""
    path = tmp_path / "telemetry.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.execute("CREATE TABLE t (a INTEGER UNIQUE) STRICT")
        yield database


@pytest.fixture
def connection(database: sqlite3.Connection, tmp_path: Path) -> SqliteConnection:
    """A connection of ours to it."""
    return SqliteConnection(database, tmp_path / "telemetry.db")


def test_a_build_without_logarithms_gets_them(database: sqlite3.Connection, tmp_path: Path) -> None:
    """The ends of a window of model events need them."""

    def missing(_: float) -> float:
        raise NotImplementedError

    database.create_function("ln", 1, missing)

    connection = SqliteConnection(database, tmp_path / "telemetry.db")

    assert connection.execute("SELECT ln(1.0)") == [(0.0,)]


def test_a_nested_transaction_can_fail_alone(connection: SqliteConnection) -> None:
    """What was written around it stays."""

    def write_and_fail() -> None:
        with connection.transaction():
            connection.execute("INSERT INTO t VALUES (2)")
            raise KeyError

    with connection.transaction():
        connection.execute("INSERT INTO t VALUES (1)")
        with pytest.raises(KeyError):
            write_and_fail()
        with connection.transaction():
            connection.execute("INSERT INTO t VALUES (3)")

    assert connection.execute("SELECT a FROM t") == [(1,), (3,)]


def test_a_full_database_undoes_the_transaction(connection: SqliteConnection) -> None:
    """SQLite ends it by itself; the error is ours."""
    connection.execute("PRAGMA max_page_count = 10")

    def fill() -> None:
        with connection.transaction():
            connection.execute_many("INSERT INTO t VALUES (?)", [(n,) for n in range(100_000)])

    with pytest.raises(StoreError, match="the disk is full"):
        fill()

    assert connection.execute("SELECT COUNT(*) FROM t") == [(0,)]
    connection.execute("INSERT INTO t VALUES (1)")


def test_an_error_without_words_of_ours_keeps_those_of_sqlite(
    connection: SqliteConnection,
) -> None:
    """Nothing is hidden."""
    with pytest.raises(StoreError, match=r"telemetry\.db cannot be used: no such table: nowhere"):
        connection.execute("SELECT * FROM nowhere")


def test_counts_follow_rows_that_go_by_cascade(tmp_path: Path) -> None:
    """Also where somebody else deletes them."""
    db = tmp_path / "telemetry.db"
    with open_store(db) as store:
        store.write_run(RUN)
        store.write_events([call(), call()])
    with closing(sqlite3.connect(db)) as other, other:
        other.execute("PRAGMA foreign_keys = ON")
        other.execute("DELETE FROM runs")

    with open_store(db) as store:
        assert store.footprint().rows["telemetry"] == 0


def test_what_sqlite_says_of_a_damaged_file_may_be_no_text(tmp_path: Path) -> None:
    """Its message quotes what stands there."""
    with (
        pytest.raises(CorruptStoreError, match=r"a\.db is corrupt \(UnicodeDecodeError\)"),
        translated(tmp_path / "a.db"),
    ):
        b"\xff".decode()
