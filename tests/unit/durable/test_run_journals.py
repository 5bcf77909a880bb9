"""The journals of a run and who may touch them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.unit.durable.other_process import other_process

from understudy.durable import Journal, RunJournals, claim_leftovers, journal_path
from understudy.errors import JournalError

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Where all journals are."""
    return tmp_path / "telemetry.db.journal"


def _write(root: Path, run_id: str, *workers: str) -> None:
    """Leave finished journals behind."""
    for worker in workers:
        journal = Journal.open(journal_path(root, run_id, worker))
        journal.append(b"{}")
        journal.close()


def test_nothing_is_left_where_nobody_ran(root: Path) -> None:
    """The folder need not exist."""
    assert claim_leftovers(root) == []


def test_a_dead_run_can_be_claimed_once(root: Path) -> None:
    """Two controllers that merge at the same time get different runs."""
    _write(root, "dead", "main", "gw0")

    (claimed,) = claim_leftovers(root)

    assert claimed.run_id == "dead"
    assert [path.name for path in claimed.finished()] == ["gw0.jsonl", "main.jsonl"]
    assert claim_leftovers(root) == []
    claimed.release()
    assert len(claim_leftovers(root)) == 1


def test_a_run_whose_controller_lives_is_not_touched(root: Path) -> None:
    """Not even the journal of a worker of it that crashed."""
    held = RunJournals.begin(root, "alive")
    _write(root, "alive", "gw0")

    assert claim_leftovers(root) == []

    held.release()


def test_a_run_whose_worker_outlives_its_controller_is_not_touched(root: Path) -> None:
    """All of it waits for the last process."""
    _write(root, "orphan", "main")
    worker = Journal.open(journal_path(root, "orphan", "gw0"))

    claimed = claim_leftovers(root)

    assert claimed == []
    worker.close()
    assert len(claim_leftovers(root)) == 1


def test_a_run_whose_controller_was_killed_can_be_claimed(root: Path) -> None:
    """A kill gives everything back."""
    script = """
        import sys
        from pathlib import Path
        from understudy.durable import Journal, RunJournals, journal_path
        root = Path(sys.argv[1])
        held = RunJournals.begin(root, "killed")
        journal = Journal.open(journal_path(root, "killed", "main"))
        print("open", flush=True)
        sys.stdin.read()
    """
    with other_process(script, root) as controller:
        while_alive = claim_leftovers(root)
        controller.kill()
        controller.wait()

        assert while_alive == []
        assert [claim.run_id for claim in claim_leftovers(root)] == ["killed"]


def test_the_controller_merges_what_its_workers_have_finished(root: Path) -> None:
    """A worker that hangs keeps its own journal."""
    held = RunJournals.begin(root, "run")
    _write(root, "run", "gw0")
    hanging = Journal.open(journal_path(root, "run", "gw1"))

    finished = held.finished()

    assert [path.name for path in finished] == ["gw0.jsonl"]
    held.retire(finished)
    assert [path.name for path in (root / "run").glob("*.jsonl")] == ["gw1.jsonl"]
    assert claim_leftovers(root) == []
    hanging.close()
    assert [path.name for path in claim_leftovers(root)[0].finished()] == ["gw1.jsonl"]


def test_a_retired_run_leaves_nothing_behind(root: Path) -> None:
    """Neither its lock nor its folder."""
    held = RunJournals.begin(root, "run")
    _write(root, "run", "main")

    held.retire(held.finished())

    assert list(root.iterdir()) == []


def test_a_folder_with_something_else_in_it_stays(root: Path) -> None:
    """We remove what is ours."""
    held = RunJournals.begin(root, "run")
    note = root / "run" / "note.txt"
    note.touch()

    held.retire([])

    assert list((root / "run").iterdir()) == [note]


def test_a_run_begins_once(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its journals have one holder."""
    monkeypatch.setattr("understudy.durable._run_journals._PATIENCE_SECONDS", 0.05)
    held = RunJournals.begin(root, "run")

    with pytest.raises(JournalError, match="held by another process"):
        RunJournals.begin(root, "run")

    held.release()


def test_files_beside_the_runs_are_no_runs(root: Path) -> None:
    """Only folders are."""
    root.mkdir()
    (root / "note.txt").touch()

    assert claim_leftovers(root) == []


def test_a_run_that_cannot_be_read_hides_no_other(root: Path) -> None:
    """Its lock is a folder: whatever that is, it is not ours."""
    (root / "broken" / "run.lock").mkdir(parents=True)
    _write(root, "dead", "main")

    assert [claim.run_id for claim in claim_leftovers(root)] == ["dead"]


def test_a_claim_that_fails_holds_nothing(root: Path) -> None:
    """A journal that cannot be opened leaves the lock free."""
    (root / "odd" / "main.jsonl").parent.mkdir(parents=True)
    (root / "odd" / "main.jsonl").symlink_to(root / "nowhere")

    with pytest.raises(FileNotFoundError):
        RunJournals.claim(root / "odd")

    RunJournals.begin(root, "odd").release()
