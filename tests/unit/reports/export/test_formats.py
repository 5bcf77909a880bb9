"""Rows in the formats that they are exported in."""

from __future__ import annotations

import csv
import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from understudy.reports.export import export_format
from understudy.store import SCHEMA_VERSION
from understudy.store.exports import Batch, Column, ExportTable, Kind

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

TABLE = ExportTable(
    name="things",
    rows="things",
    columns=tuple(Column(kind.value, kind, kind.value) for kind in Kind),
    key=("id", "time"),
    time="time",
    order="id",
    source="things",
)
#: Out of the database, one of each kind.
FULL: dict[str, Any] = {
    "id": "ab",
    "text": 'Grüße, "x"\r\n',
    "whole": 2**63 - 1,
    "real": 0.1,
    "flag": False,
    "time": "2026-03-14T12:00:00.000001Z",
    "json": '{"a": [1, null]}',
    "usd": 1500,
}
EMPTY: dict[str, Any] = dict.fromkeys(FULL) | {"id": "cd", "time": "2026-03-14T12:00:00.000000Z"}


def write(path: Path, name: str, rows: Sequence[dict[str, Any]]) -> int:
    columns = [tuple(row[kind.value] for row in rows) for kind in Kind]
    with path.open("wb") as file:
        return export_format(name).write(file, TABLE, [Batch(tuple(columns))] if rows else [])


def test_csv_says_all_in_words(tmp_path: Path) -> None:
    """The unknown is empty, amounts have all digits and no exponent."""
    write(tmp_path / "a", "csv", [FULL, EMPTY])

    with (tmp_path / "a").open(newline="", encoding="utf-8") as file:
        full, empty = csv.DictReader(file)
    words = {name: str(value) for name, value in FULL.items()}
    assert full == words | {"flag": "false", "usd": "0.0000015"}
    assert empty == dict.fromkeys(FULL, "") | {"id": "cd", "time": EMPTY["time"]}


def test_ndjson_holds_values(tmp_path: Path) -> None:
    """Nested ones, too."""
    write(tmp_path / "a", "ndjson", [FULL, EMPTY])

    full, empty = map(json.loads, (tmp_path / "a").read_text().splitlines())
    assert full == FULL | {"json": {"a": [1, None]}, "usd": 1.5e-06}
    assert empty == EMPTY


def test_parquet_has_a_schema_of_its_own(tmp_path: Path) -> None:
    """Also where a whole column is unknown."""
    parquet = pytest.importorskip("pyarrow.parquet", reason="pyarrow is not installed")
    write(tmp_path / "full", "parquet", [FULL])
    write(tmp_path / "empty", "parquet", [EMPTY])

    full, empty = (parquet.read_table(tmp_path / name) for name in ("full", "empty"))

    moment = datetime(2026, 3, 14, 12, 0, 0, 1, UTC)
    assert full.to_pylist() == [FULL | {"time": moment, "usd": 1.5e-06}]
    assert empty.to_pylist() == [EMPTY | {"time": moment.replace(microsecond=0)}]
    assert full.schema == empty.schema
    assert {field.name: str(field.type) for field in full.schema} == {
        **dict.fromkeys(("id", "text", "json"), "string"),
        "whole": "int64",
        "real": "double",
        "flag": "bool",
        "usd": "double",
        "time": "timestamp[us, tz=UTC]",
    }
    assert full.schema.metadata[b"understudy.schema"] == str(SCHEMA_VERSION).encode()
    assert full.schema.metadata[b"understudy.table"] == b"things"


@pytest.mark.parametrize("name", ["csv", "ndjson", "parquet"])
def test_keys_are_read_back(tmp_path: Path, name: str) -> None:
    """In the order of the rows, times as text in each format; of no rows there are none."""
    if name == "parquet":
        pytest.importorskip("pyarrow", reason="pyarrow is not installed")
    form = export_format(name)

    assert write(tmp_path / "a", name, [FULL, EMPTY]) == 2
    assert write(tmp_path / "none", name, []) == 0

    keys = [(row["id"], row["time"]) for row in (FULL, EMPTY)]
    assert list(form.keys(tmp_path / "a", TABLE)) == keys
    assert list(form.keys(tmp_path / "none", TABLE)) == []


@pytest.mark.parametrize("name", ["csv", "ndjson", "parquet"])
def test_half_a_file_is_no_file(tmp_path: Path, name: str) -> None:
    """Where it ends in the middle of a row, that is seen."""
    if name == "parquet":
        pytest.importorskip("pyarrow", reason="pyarrow is not installed")
    path = tmp_path / "a"
    write(path, name, [EMPTY, FULL])
    path.write_bytes(path.read_bytes()[:-40])

    with pytest.raises(ValueError, match=r"."):
        list(export_format(name).keys(path, TABLE))


@settings(max_examples=25)
@given(texts=st.lists(st.text(st.characters(codec="utf-8")), min_size=1))
@pytest.mark.parametrize("name", ["csv", "ndjson"])
def test_any_text_is_told_apart(
    tmp_path_factory: pytest.TempPathFactory, name: str, texts: list[str]
) -> None:
    """Whatever characters the names of tests and runs have."""
    path = tmp_path_factory.mktemp("export") / "a"
    rows = [EMPTY | {"id": text, "text": text} for text in texts]

    write(path, name, rows)

    assert [key[0] for key in export_format(name).keys(path, TABLE)] == texts
