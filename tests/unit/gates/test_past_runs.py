"""Past runs of this machine, and what a machine is known by."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from understudy.durable import FileLock
from understudy.gates import (
    BaselineError,
    Environment,
    PastRun,
    append_past_run,
    read_past_runs,
    this_environment,
)

if TYPE_CHECKING:
    from pathlib import Path


def run(number: int) -> PastRun:
    """Make a run."""
    return PastRun(
        run_id=str(number),
        date="2026-11-20",
        samples={"t.py::test_a": {"duration": [1.5, 2.5]}},
        pairs={"t.py::test_a": [(1, 2)]},
    )


def test_the_last_ten_runs_are_kept_oldest_first(tmp_path: Path) -> None:
    """Older ones are history."""
    folder = tmp_path / ".understudy/baseline-runs"

    for number in range(12):
        append_past_run(folder, "abc", run(number))

    known = read_past_runs(folder, "abc")
    assert [each.run_id for each in known.runs] == [str(number) for number in range(2, 12)]
    assert known.runs[-1] == run(11)
    assert (tmp_path / ".understudy/.gitignore").read_text() == "*\n"


def test_a_run_is_there_once(tmp_path: Path) -> None:
    """Accepted again, it takes the place of the first."""
    append_past_run(tmp_path, "abc", run(1))
    append_past_run(tmp_path, "abc", run(1))

    assert len(read_past_runs(tmp_path, "abc").runs) == 1


def test_other_machines_are_known_by_their_tests(tmp_path: Path) -> None:
    """So that a mismatch can be told from a new test."""
    append_past_run(tmp_path, "abc", run(1))

    known = read_past_runs(tmp_path, "def")

    assert known.runs == []
    assert known.elsewhere == frozenset({"t.py::test_a"})


@pytest.mark.parametrize("line", ["{", "[]", '{"run_id": 1}', "<<<<<<< HEAD"])
def test_a_damaged_line_is_named(tmp_path: Path, line: str) -> None:
    """With file and line."""
    append_past_run(tmp_path, "abc", run(1))
    path = tmp_path / "abc.jsonl"
    path.write_text(path.read_text() + line + "\n")

    with pytest.raises(BaselineError, match=r"abc\.jsonl:2: no record of a run"):
        read_past_runs(tmp_path, "abc")


def test_a_file_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    """A folder stands in its place."""
    (tmp_path / "abc.jsonl").mkdir()

    with pytest.raises(BaselineError, match="cannot be read"):
        read_past_runs(tmp_path, "abc")


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    """A file stands in its place."""
    (tmp_path / "runs").write_text("")

    with pytest.raises(BaselineError, match="cannot be written"):
        append_past_run(tmp_path / "runs", "abc", run(1))


def test_a_lock_that_another_process_keeps_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After some patience."""
    monkeypatch.setattr("understudy.gates._past_runs._PATIENCE_SECONDS", 0.0)
    lock = FileLock(tmp_path / "abc.lock")
    assert lock.acquire()

    with pytest.raises(BaselineError, match="another process writes it"):
        append_past_run(tmp_path, "abc", run(1))

    lock.release()


def test_the_processor_names_itself(tmp_path: Path) -> None:
    """The first one; where nobody says, the machine's sort."""
    info = tmp_path / "cpuinfo"
    info.write_text("processor\t: 0\nmodel name\t: Fast CPU\nmodel name\t: Other\n")

    assert this_environment(info).cpu == "Fast CPU"
    assert this_environment(tmp_path / "none").cpu


def test_equal_environments_alone_share_a_fingerprint() -> None:
    """Twelve letters that are safe in a file name."""
    here = Environment(cpu="a", cores=2, system="Linux x86_64", python="3.11")

    assert here.fingerprint == replace(here).fingerprint
    assert here.fingerprint != replace(here, cores=4).fingerprint
    assert here.fingerprint.isalnum()
