"""`understudy stats`."""

from __future__ import annotations

import argparse
import json
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from tests.unit.reports.sample_run import CHAT, START, attempt, sample_run

from understudy.cli._stats import add_parser
from understudy.errors import SettingsError, StoreError
from understudy.store import Phase, Run, open_store

if TYPE_CHECKING:
    from pathlib import Path

    from understudy.events import CallEvent


@pytest.fixture(autouse=True)
def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal of 100 columns, and no store in the environment."""
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.delenv("UNDERSTUDY_STORE", raising=False)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the store is."""
    return tmp_path / "telemetry.db"


def stats(*arguments: str) -> int:
    """Run the command."""
    parser = argparse.ArgumentParser()
    add_parser(parser.add_subparsers())
    parsed = parser.parse_args(["stats", *arguments])
    status: int = parsed.run(parsed)
    return status


def write_run(path: Path, run_id: str, events: list[CallEvent], *, later: int = 0) -> None:
    """Store a run of `events` that began `later` seconds after the first."""
    start = START + timedelta(seconds=later)
    phases = {Phase(run_id=run_id, phase_id=event.phase_id) for event in events if event.phase_id}
    own = [
        event.model_copy(update={"run_id": run_id, "event_id": f"{run_id}-{event.event_id}"})
        for event in events
    ]
    with open_store(path) as store:
        store.write_run(Run(run_id=run_id, started=start))
        store.finish_run(run_id, finished=start, exit_status=0)
        store.write_phases(phases)
        store.write_events(own)


def test_shows_the_newest_run(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without a run's name the last one is meant."""
    write_run(path, "newer", [attempt(1)], later=60)
    write_run(path, "older", sample_run())

    status = stats("--store", str(path))

    lines = capsys.readouterr().out.splitlines()
    assert status == 0
    assert lines[:4] == [
        "run     newer, 2026-11-20 12:01:00 UTC, exit status 0",
        "calls   1, 1 live, in 1 test",
        "tokens  1,200 in, 300 out",
        "spent   $0.006000",
    ]
    assert lines[-1] == f"store   {path}"


def test_shows_a_named_run(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Any stored run can be shown."""
    write_run(path, "newer", [attempt(1)], later=60)
    write_run(path, "older", sample_run())

    stats("--store", str(path), "--run", "older")

    assert "run     older, " in capsys.readouterr().out


def test_verbose_shows_tests(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`-v` as pytest has it."""
    write_run(path, "run", [attempt(1)])

    stats("--store", str(path), "-v")

    file, _, name = CHAT.partition("::")
    row = f"    1  1,200     300  $0.006000    320 ms  850 ms  {name}"
    assert f"{file}\n{row}\n" in capsys.readouterr().out


def test_json_is_the_summary_with_its_run(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The same figures for programs."""
    write_run(path, "run", sample_run())

    stats("--store", str(path), "--json")

    data = json.loads(capsys.readouterr().out)
    assert data["store"] == str(path)
    assert data["run"] == {
        "run_id": "run",
        "started": "2026-11-20T12:00:00Z",
        "finished": "2026-11-20T12:00:00Z",
        "exit_status": 0,
    }
    assert data["totals"]["calls"] == 7


def test_a_run_that_was_killed_says_so(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """No exit status is not exit status 0."""
    with open_store(path) as store:
        store.write_run(Run(run_id="run", started=START))

    stats("--store", str(path))

    assert capsys.readouterr().out == (
        "run     run, 2026-11-20 12:00:00 UTC, did not finish\n"
        f"calls   none in this run, in {path}\n"
    )


def test_the_environment_names_the_store(
    path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The variable is the one that pytest's option has."""
    write_run(path, "run", [attempt(1)])
    monkeypatch.setenv("UNDERSTUDY_STORE", str(path))

    stats()

    assert "run     run, " in capsys.readouterr().out


def test_a_missing_store_says_what_to_do(path: Path) -> None:
    """Asking for figures makes no store."""
    with pytest.raises(StoreError, match="pytest --llm-telemetry"):
        stats("--store", str(path))

    assert not path.exists()


def test_an_empty_store_says_what_to_do(path: Path) -> None:
    """A store without a run has nothing to show."""
    open_store(path).close()

    with pytest.raises(StoreError, match=r"no run in .+ Run `pytest --llm-telemetry` first"):
        stats("--store", str(path))


def test_an_unknown_run_names_the_newest(path: Path) -> None:
    """The error says which runs there are."""
    write_run(path, "older", [attempt(1)])
    write_run(path, "newer", [attempt(1)], later=60)

    with pytest.raises(SettingsError, match=r"no run 'odler' in .+\. The newest: newer, older\."):
        stats("--store", str(path), "--run", "odler")
