"""Where a process keeps its lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from understudy.durable import RunJournals, journal_path
from understudy.pytest_plugin.run import RunJournal

if TYPE_CHECKING:
    from pathlib import Path


def journal_of(root: Path, worker: str = "main") -> RunJournal:
    """Return the journal of a process."""
    return RunJournal("run", worker, str(root / "calls.db"), root / "journals")


def test_lines_go_into_the_workers_journal(tmp_path: Path) -> None:
    """The controller holds the journals of the run besides."""
    controller, worker = journal_of(tmp_path), journal_of(tmp_path, "gw0")
    controller.open(is_controller=True)
    worker.open(is_controller=False)

    worker.lines.append(b"1")
    worker.close()

    assert journal_path(tmp_path / "journals", "run", "gw0").read_bytes() == b"1\n"
    assert (worker.kept, worker.failure) == ([], None)
    assert controller.claim is not None
    assert worker.claim is None
    controller.release()


def test_where_no_journal_can_be_opened_the_lines_are_kept(tmp_path: Path) -> None:
    """With the reason."""
    (tmp_path / "journals").touch()
    kept = journal_of(tmp_path)

    kept.open(is_controller=True)
    kept.lines.append(b"1")

    assert kept.kept == [b"1"]
    assert kept.failure is not None
    assert kept.failure.startswith(f"there is no journal below {tmp_path}/journals (")
    kept.release()


def test_a_run_that_nobody_merged_lets_go(tmp_path: Path) -> None:
    """The next one may merge it."""
    controller = journal_of(tmp_path)
    controller.open(is_controller=True)

    held = RunJournals.claim(tmp_path / "journals/run")
    controller.release()
    freed = RunJournals.claim(tmp_path / "journals/run")

    assert held is None
    assert freed is not None
    freed.release()


def test_without_telemetry_there_is_nothing_to_keep() -> None:
    """Lines are forgotten."""
    watching = RunJournal("run")

    watching.lines.append(b"1")
    watching.release()

    assert (watching.kept, watching.failure) == ([], None)
