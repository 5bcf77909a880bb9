"""`understudy migrate`."""

from __future__ import annotations

import argparse
import json
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from tests.support.old_stores import old_store

from understudy.cli._migrate import add_parser
from understudy.errors import StoreError
from understudy.store import open_store
from understudy.store._migrations import MIGRATIONS

if TYPE_CHECKING:
    from pathlib import Path

TODAY = len(MIGRATIONS)


def migrate(*arguments: str) -> int:
    """Run the command."""
    parser = argparse.ArgumentParser()
    add_parser(parser.add_subparsers())
    parsed = parser.parse_args(["migrate", *arguments])
    status: int = parsed.run(parsed)
    return status


def test_an_old_store_is_migrated_and_the_steps_are_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """From which version to which, and how long it took."""
    path = old_store(tmp_path / "old.db", 4)

    assert migrate("--store", str(path)) == 0

    said = capsys.readouterr().out
    assert said.startswith(f"{path}: migrated from version 4 to {TODAY} in ")
    assert "(0005_run_kind, " in said
    with open_store(path) as store:
        assert store.has_run("run")


def test_a_store_of_today_needs_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """As JSON, too."""
    path = tmp_path / "telemetry.db"
    open_store(path).close()

    assert migrate("--store", str(path)) == 0
    assert "nothing to do" in capsys.readouterr().out
    assert migrate("--store", str(path), "--json") == 0

    found = json.loads(capsys.readouterr().out)
    assert found.pop("seconds") >= 0
    assert found == {"store": str(path), "before": TODAY, "after": TODAY, "migrations": []}


def test_a_missing_store_is_not_made(tmp_path: Path) -> None:
    """It says what makes one."""
    with pytest.raises(StoreError, match="there is no store at"):
        migrate("--store", str(tmp_path / "telemetry.db"))

    assert list(tmp_path.iterdir()) == []


def test_a_newer_store_is_left_alone(tmp_path: Path) -> None:
    """The way out is said."""
    path = tmp_path / "telemetry.db"
    open_store(path).close()
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA user_version = 999")

    with pytest.raises(StoreError, match=r"newer pytest-understudy \(schema 999"):
        migrate("--store", str(path))


def test_a_corrupt_store_is_said_to_be_so_and_stays(tmp_path: Path) -> None:
    """Only a run sets it aside."""
    path = tmp_path / "telemetry.db"
    path.write_bytes(b"no database" * 1000)

    with pytest.raises(StoreError, match="is corrupt"):
        migrate("--store", str(path))

    assert [each.name for each in tmp_path.iterdir()] == ["telemetry.db"]
