"""`understudy export`."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING

import pytest
from tests.unit.cli.estimates import run_command, write_store

from understudy.cli import _export
from understudy.errors import SettingsError, StoreError
from understudy.events import CallEvent, TokenEstimate

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def store(tmp_path: Path) -> str:
    """Where the store is."""
    return str(write_store(tmp_path / "telemetry.db"))


def export(store: str, *arguments: str) -> int:
    return run_command(_export, "export", "--store", store, *arguments)


def test_estimates_are_objects_one_a_line(
    store: str, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    """The oldest first, each as it can be read back."""
    status = export(store)

    rows = [json.loads(line) for line in capfdbinary.readouterr().out.splitlines()]
    assert status == 0
    assert [row["estimate_id"] for row in rows] == ["e0", "e1", "e2", "e3"]
    assert TokenEstimate.model_validate(rows[0]).actual_output_tokens == 1400
    assert rows[3]["actual_output_tokens"] is None


def test_csv_has_a_heading_and_empty_cells_for_the_unknown(store: str, tmp_path: Path) -> None:
    """Lists are JSON, switches are words."""
    file = tmp_path / "out.csv"

    export(store, "--format", "csv", "-o", str(file))

    with file.open(newline="") as opened:
        rows = list(csv.DictReader(opened))
    assert list(rows[0]) == list(TokenEstimate.model_fields)
    assert (rows[0]["actual_output_tokens"], rows[0]["success"]) == ("1400", "true")
    assert (rows[3]["actual_output_tokens"], rows[3]["success"]) == ("", "")


@pytest.mark.parametrize(
    ("table", "expected"),
    [("runs", ["old", "new"]), ("phases", ["old", "new"]), ("calls", ["old"])],
)
@pytest.mark.parametrize("form", ["ndjson", "csv"])
def test_other_tables_are_exported_too(
    store: str, tmp_path: Path, table: str, expected: list[str], form: str
) -> None:
    """In both formats."""
    file = tmp_path / "out"

    export(store, "--table", table, "--format", form, "-o", str(file))

    lines = file.read_text().splitlines()
    rows = list(csv.DictReader(lines)) if form == "csv" else [json.loads(line) for line in lines]
    assert [row["run_id"] for row in rows] == expected


def test_a_call_has_its_cost_in_usd(store: str, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    """Not rounded, beside the exact one."""
    export(store, "--table", "calls")

    row = json.loads(capfdbinary.readouterr().out)
    assert (row["cost_nanousd"], row["cost_usd"]) == (1500, 0.0000015)
    assert set(row) == {*CallEvent.model_fields, "cost_usd"}


@pytest.mark.parametrize(
    ("selection", "ids"),
    [
        (("--run", "old"), ["e0"]),
        (("--run", "latest"), ["e1", "e2", "e3"]),
        (("--since", "2026-03-05"), ["e1", "e2", "e3"]),
        (("--since", "2026-03-05", "--run", "old"), []),
    ],
)
def test_rows_are_selected_by_run_and_time(
    store: str, tmp_path: Path, selection: tuple[str, ...], ids: list[str]
) -> None:
    """Both bounds together."""
    file = tmp_path / "out"

    export(store, *selection, "-o", str(file))

    assert [json.loads(line)["estimate_id"] for line in file.read_text().splitlines()] == ids


@pytest.mark.parametrize("table", ["calls", "phases", "runs"])
def test_every_table_is_bounded_by_time(store: str, tmp_path: Path, table: str) -> None:
    """A run and its tests by the start of the run."""
    export(store, "--table", table, "--since", "2026-06-01", "-o", str(tmp_path / "out"))

    assert (tmp_path / "out").read_bytes() == b""


def test_what_was_written_is_said(
    store: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """In words, or as JSON."""
    file = str(tmp_path / "out")

    export(store, "-o", file)
    export(store, "-o", file, "--json")

    words, data = capsys.readouterr().out.splitlines()
    assert words == f"4 rows of estimates in {file}"
    assert json.loads(data) == {"table": "estimates", "rows": 4, "file": file}


def test_a_failed_export_leaves_the_file_as_it_was(
    store: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half a file would be taken for a whole one."""
    file = tmp_path / "out"
    file.write_text("before")
    monkeypatch.setattr(json, "dumps", lambda _: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        export(store, "-o", str(file))

    assert file.read_text() == "before"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out", "telemetry.db"]


def test_a_file_that_cannot_be_written_is_an_error(store: str, tmp_path: Path) -> None:
    """With the reason."""
    with pytest.raises(StoreError, match="No such file or directory"):
        export(store, "-o", str(tmp_path / "nowhere" / "out"))


def test_parquet_without_pyarrow_is_an_error(
    store: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The message says what to install; no file is begun."""
    monkeypatch.setattr("understudy.reports.export._parquet.find_spec", lambda _: None)

    with pytest.raises(SettingsError, match=r"pytest-understudy\[parquet\]"):
        export(store, "--format", "parquet", "-o", str(tmp_path / "out"))

    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("table", ["lifecycle", "snapshots", "telemetry"])
def test_a_table_without_rows_is_a_heading(store: str, tmp_path: Path, table: str) -> None:
    """With all columns, whether anything is there or not."""
    file = tmp_path / "out"

    export(store, "--table", table, "--format", "csv", "-o", str(file))

    (heading, *rows) = csv.reader(file.read_text().splitlines())
    assert {"run_id", "ts"} < set(heading)
    assert len(rows) == (1 if table == "telemetry" else 0)


def test_an_amount_in_csv_has_all_its_digits(store: str, tmp_path: Path) -> None:
    """As people write it: no exponent, nothing rounded."""
    file = tmp_path / "out"

    export(store, "--table", "calls", "--format", "csv", "-o", str(file))

    (row,) = csv.DictReader(file.read_text().splitlines())
    assert (row["cost_nanousd"], row["cost_usd"]) == ("1500", "0.0000015")
