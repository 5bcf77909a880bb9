"""Which run commands mean that name none."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from tests.unit.store.samples import NOON, call

from understudy.cli import main
from understudy.store import Phase, Run, open_store

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A store with a run of pytest and, of later, one of a program."""
    path = tmp_path / "telemetry.db"
    with open_store(path) as store:
        store.write_run(Run(run_id="tests", started=NOON))
        later = NOON + timedelta(hours=1)
        store.write_run(Run(run_id="program", kind="logger", started=later, finished=later))
        store.write_phases([Phase(run_id="program", phase_id="recording:shop")])
        store.write_events([call(run_id="program", phase_id="recording:shop")])
    return path


@pytest.mark.parametrize("command", [("stats",), ("stats", "--run", "latest")])
def test_the_latest_run_is_one_of_pytest(
    path: Path, capsys: pytest.CaptureFixture[str], command: tuple[str, ...]
) -> None:
    """A program that runs all the time would always be the latest."""
    assert main([*command, "--store", str(path)]) == 0

    assert capsys.readouterr().out.startswith("run     tests, ")


def test_rows_of_the_latest_run_are_those_of_pytest(
    path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """In an export, too."""
    assert main(["export", "--table", "runs", "--run", "latest", "--store", str(path)]) == 0

    assert '"run_id": "tests"' in capsys.readouterr().out


def test_a_run_of_a_program_is_named(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It is summed up as one of pytest is."""
    assert main(["stats", "--run", "program", "--store", str(path)]) == 0

    said = capsys.readouterr().out
    assert "a logger, ended" in said
    assert "in 1 program" in said


@pytest.mark.parametrize("command", [("stats",), ("stats", "--run", "latest")])
def test_where_only_programs_ran_it_says_so(
    path: Path, capsys: pytest.CaptureFixture[str], command: tuple[str, ...]
) -> None:
    """And which runs there are."""
    with open_store(path) as store:
        store.delete_run("tests")

    assert main([*command, "--store", str(path)]) == 2

    said = capsys.readouterr().err
    assert "no run of pytest in" in said
    assert "program" in said
