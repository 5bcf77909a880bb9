"""`understudy strata`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from tests.unit.cli.estimates import run_command, write_store

from understudy.cli import _strata
from understudy.errors import SettingsError, StoreError
from understudy.store import open_store

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def store(tmp_path: Path) -> str:
    """Where the store is."""
    return str(write_store(tmp_path / "telemetry.db"))


def strata(*arguments: str) -> int:
    return run_command(_strata, "strata", *arguments)


def test_samples_and_empty_strata_are_listed(
    store: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Against the target."""
    status = strata("--store", store)

    printed = capsys.readouterr().out
    assert status == 0
    assert "samples  3, 27 more wanted (target: 30-50 in all)" in printed
    assert "1 without an outcome are not counted" in printed
    assert "      2  testing / low / 1-3" in printed
    assert "      1  - / - / 0" in printed
    assert "empty    15 strata" in printed
    assert "testing / maintenance / 16+" in printed


def test_json_says_the_same(store: str, capsys: pytest.CaptureFixture[str]) -> None:
    """For one run and one more category."""
    status = strata("--store", store, "--run", "latest", "--category", "docs", "--json")

    data = json.loads(capsys.readouterr().out)
    assert status == 0
    assert (data["samples"], data["target"], data["enough"]) == (2, [30, 50], False)
    assert data["strata"] == [
        {"category": "testing", "complexity": "low", "deliverables": "1-3", "samples": 2}
    ]
    assert {each["category"] for each in data["empty"]} == {"docs", "testing"}


def test_an_empty_store_wants_thirty(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """And shows what to cover."""
    open_store(tmp_path / "empty.db").close()

    strata("--store", str(tmp_path / "empty.db"))

    printed = capsys.readouterr().out
    assert "samples  0, 30 more wanted" in printed
    assert "empty    64 strata" in printed


def test_a_store_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    """It is not made."""
    with pytest.raises(StoreError, match="there is no store"):
        strata("--store", str(tmp_path / "none.db"))


def test_an_unknown_run_is_an_error_that_names_the_newest(store: str) -> None:
    """Nothing is counted instead."""
    with pytest.raises(SettingsError, match=r"no run 'x' in .*\. The newest: new, old\."):
        strata("--store", store, "--run", "x")
