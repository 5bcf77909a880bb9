"""`understudy footprint`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from tests.unit.cli.estimates import run_command
from tests.unit.cli.model_store import DAY, answer, write_store

from understudy.cli import _footprint
from understudy.errors import StoreError

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A store with three rows of models."""
    events = [answer("m", 10.0, age=age * DAY) for age in (1, 2, 3)]
    return write_store(tmp_path / "telemetry.db", events)


def test_json_has_the_documented_keys(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The whole is what the file takes, a table what its rows take, about."""
    assert run_command(_footprint, "footprint", "--store", str(path), "--json") == 0

    found = json.loads(capsys.readouterr().out)
    tables = {each["table"]: each for each in found["table_sizes"]}
    assert found["total_bytes"] >= path.stat().st_size
    assert tables["model_events"]["rows"] == 3
    assert tables["model_events"]["size_bytes"] > 0
    assert tables["model_events"]["oldest"] == found["oldest"]
    assert tables["token_estimates"]["oldest"] is None
    assert found["total_rows"] == sum(each["rows"] for each in tables.values())


def test_people_get_a_row_for_each_table(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Below the whole."""
    assert run_command(_footprint, "footprint", "--store", str(path)) == 0

    out = capsys.readouterr().out
    assert out.startswith(f"store   {path}\nsize    0.")
    [row] = [line.split() for line in out.splitlines() if line.startswith("model_events")]
    assert row[1] == "3"


def test_a_store_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    """It is not made."""
    with pytest.raises(StoreError):
        run_command(_footprint, "footprint", "--store", str(tmp_path / "no.db"))

    assert not (tmp_path / "no.db").exists()
