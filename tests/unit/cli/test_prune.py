"""`understudy prune`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from tests.unit.cli.estimates import OLD, run_command, write_store
from tests.unit.store.samples import call, event_line, write_journal

from understudy.cli import prune as command
from understudy.errors import SettingsError
from understudy.store import open_store

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Where the store is, beside which nobody looks for other journals."""
    monkeypatch.chdir(tmp_path)
    return str(write_store(tmp_path / "telemetry.db"))


def prune(store: str, *arguments: str) -> int:
    return run_command(command, "prune", "--store", store, *arguments)


def runs_of(store: str) -> list[str]:
    with open_store(store, create=False) as opened:
        return [run.run_id for run in opened.runs()]


def test_what_is_older_than_sixty_days_goes(store: str, capsys: pytest.CaptureFixture[str]) -> None:
    """What went is said, and by how much the file is shorter."""
    assert prune(store, "--estimates") == 0

    first, *rest = capsys.readouterr().out.splitlines()
    assert first.startswith("pruned    9 rows from before ")
    assert first.endswith(f" UTC in {store}")
    assert rest[:4] == [
        "          1 row of telemetry",
        "          4 rows of token_estimates",
        "          2 rows of phases",
        "          2 rows of runs",
    ]
    assert rest[4].startswith("space     the file is ")
    assert runs_of(store) == []


def test_estimates_keep_their_runs(store: str) -> None:
    """They go only when asked for."""
    prune(store)

    assert runs_of(store) == ["new", "old"]


def test_a_dry_run_only_says_what_would_go(store: str, capsys: pytest.CaptureFixture[str]) -> None:
    """In words, or as JSON."""
    prune(store, "--dry-run", "--estimates")
    prune(store, "--dry-run", "--json")

    words, _, data = capsys.readouterr().out.partition("{")
    plan = json.loads("{" + data)
    assert words.startswith("would go  9 rows from before ")
    assert "          1 row of telemetry, about 0.0 MB\n" in words
    assert (plan["dry_run"], plan["rows"]) == (True, 1)
    assert plan["tables"]["telemetry"]["rows"] == 1
    assert runs_of(store) == ["new", "old"]


def test_exported_files_are_told(
    store: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each with its table and its rows."""
    folder = tmp_path / "archive"

    prune(store, "--export", str(folder), "--json")

    report = json.loads(capsys.readouterr().out)
    file = str(folder / "telemetry-c-c.csv")
    assert report["files"] == [{"file": file, "table": "telemetry", "rows": 1}]
    assert (report["rows"], report["finished"], report["missing_files"]) == (1, True, [])
    assert report["free_bytes"] == 0


def test_a_run_whose_journals_wait_keeps_all(
    store: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """And that is said."""
    root = tmp_path / "telemetry.db.journal"
    write_journal(root, event_line(call(run_id="old", ts=OLD)), run_id="old")

    prune(store)

    assert capsys.readouterr().out.splitlines()[-1] == (
        "kept      1 run whose journals are not merged yet"
    )
    with open_store(store, create=False) as opened:
        assert len(opened.events("old")) == 1


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--older-than", "60x"), r"--older-than: '60x' is no age.*60d.*Did you mean 60d\?"),
        (("--older-than", "0d"), "'0d' is no age"),
        (("--older-than", "soon"), r"'soon' is no age. Write one, like 60d, 36h or 90m\.$"),
        (("--older-than", "9999999d"), "is no age"),
        (("--format", "csv"), "Name their folder with --export"),
    ],
)
def test_wrong_usage_is_said_before_anything_is_touched(
    store: str, arguments: tuple[str, ...], words: str
) -> None:
    """What, where, and what to write."""
    with pytest.raises(SettingsError, match=words):
        prune(store, *arguments)
