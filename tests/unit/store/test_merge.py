"""Journals into the store."""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing
from datetime import timedelta
from operator import attrgetter
from typing import TYPE_CHECKING

import pytest
from tests.unit.durable.other_process import run_python
from tests.unit.store.samples import NOON, RUN, call, claim, damage, event_line, line, write_journal

from understudy.durable import Journal, RunJournals, claim_leftovers, journal_path
from understudy.errors import SettingsError
from understudy.events import new_id
from understudy.store import journal_root, merge_journals, open_store

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def db(tmp_path: Path) -> Path:
    """Where the store is to be."""
    return tmp_path / ".understudy" / "telemetry.db"


@pytest.fixture
def root(db: Path) -> Path:
    """Where its journals are."""
    return journal_root(db, state_folder=db.parent)


def test_a_merge_brings_all_into_the_store_and_leaves_no_journal(db: Path, root: Path) -> None:
    """Runs, tests and calls, those of workers too."""
    calls = [call(event_id="a"), call(event_id="b", worker="gw0", phase_id="test")]
    write_journal(root, line("run", started=NOON.isoformat()), event_line(calls[0]))
    write_journal(root, line("phase", phase_id="test"), event_line(calls[1]), worker="gw0")

    report = merge_journals(db, claim_leftovers(root))

    assert (report.written, report.rejected, report.failure, report.kept) == (2, 0, None, ())
    assert sorted(report.events, key=attrgetter("event_id")) == calls
    assert report.runs == (RUN,)
    assert list(root.iterdir()) == []
    with open_store(db) as store:
        assert store.events("run") == calls
        assert list(store.phases("run")) == list(report.phases)


def test_a_merge_that_was_killed_before_it_removed_journals_can_be_repeated(
    db: Path, root: Path
) -> None:
    """Nothing is written twice."""
    path = write_journal(root, event_line(call()))
    copy = shutil.copy(path, db.parent / "copy")
    merge_journals(db, [claim(root)])
    path.parent.mkdir()
    shutil.copy(copy, path)

    report = merge_journals(db, [claim(root)])

    assert report.written == 0
    assert len(report.events) == 1
    with open_store(db) as store:
        assert len(store.events("run")) == 1
        assert [found.attempts for found in store.statistics_by_model(since=NOON)] == [1]


def test_a_merge_of_nothing_makes_no_store(db: Path, root: Path) -> None:
    """A run that recorded nothing leaves nothing."""
    held = RunJournals.begin(root, "run")
    write_journal(root)

    report = merge_journals(db, [held])

    assert report.failure is None
    assert not db.exists()
    assert list(root.iterdir()) == []


def test_a_worker_that_hangs_keeps_its_calls_for_the_next_run(db: Path, root: Path) -> None:
    """The next merge finds the run in the store, and knows its start better."""
    held = RunJournals.begin(root, "run")
    write_journal(root, line("run", started=NOON.isoformat()))
    with closing(Journal.open(journal_path(root, "run", "gw0"))) as hanging:
        hanging.append(event_line(call(ts=NOON.replace(hour=13))))
        merge_journals(db, [held])

    report = merge_journals(db, claim_leftovers(root))

    assert report.written == 1
    with open_store(db) as store:
        assert store.runs() == [RUN]


def test_rejected_lines_are_kept_beside_the_store(db: Path, root: Path) -> None:
    """Whoever refuses them: the reader or the database."""
    good, refused = call(), call(attempt=2**70)
    write_journal(root, b"noise", event_line(good), event_line(refused))

    report = merge_journals(db, [claim(root)])

    assert (report.written, report.rejected, len(report.reasons)) == (1, 2, 2)
    assert report.rejected_path == db.with_name("telemetry.db.rejected.jsonl")
    kept = [json.loads(text) for text in report.rejected_path.read_text().splitlines()]
    assert [each["journal"] for each in kept] == ["run/main.jsonl"] * 2
    assert kept[0]["line"] == "noise"
    assert json.loads(kept[1]["line"])["event_id"] == refused.event_id
    assert tuple(each["reason"] for each in kept) == report.reasons
    assert list(root.iterdir()) == []


def test_only_the_first_reasons_are_told(db: Path, root: Path) -> None:
    """All are in the file."""
    write_journal(root, event_line(call()), *[b"noise"] * 9)

    report = merge_journals(db, [claim(root)])

    assert (report.rejected, len(report.reasons)) == (9, 5)


def test_what_cannot_be_kept_stays_in_its_journal(db: Path, root: Path) -> None:
    """The file for rejected lines is a folder."""
    path = write_journal(root, event_line(call()), b"noise")
    db.with_name("telemetry.db.rejected.jsonl").mkdir()

    report = merge_journals(db, [claim(root)])

    assert "rejected.jsonl" in str(report.failure)
    assert report.kept == (path,)
    assert path.exists()


def test_a_store_that_is_locked_leaves_the_journals(db: Path, root: Path) -> None:
    """The events are reported all the same, and the next run merges them."""
    path = write_journal(root, event_line(call()))
    open_store(db).close()
    with closing(sqlite3.connect(db)) as other:
        other.execute("BEGIN IMMEDIATE")

        report = merge_journals(db, [claim(root)], timeout=0.05)

    assert report.failure == f"the store {db} is locked by another process; try again"
    assert report.kept == (path,)
    assert len(report.events) == 1
    assert merge_journals(db, claim_leftovers(root)).written == 1


def test_a_full_disk_leaves_the_journals(db: Path, root: Path) -> None:
    """And the store as it was."""
    pytest.importorskip("resource")
    open_store(db).close()
    write_journal(root, *(event_line(call(error="x" * 400)) for _ in range(500)))

    told = run_python(
        """
        import resource, sys
        from pathlib import Path
        from understudy.durable import claim_leftovers
        from understudy.store import merge_journals
        db, root = map(Path, sys.argv[1:])
        claims = claim_leftovers(root)
        _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, most))
        report = merge_journals(db, claims)
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
        print(len(report.events), report.written, len(report.kept), report.failure)
        """,
        db,
        root,
    )

    assert told.startswith(f"500 0 1 the store {db} cannot be used: the disk ")
    assert merge_journals(db, claim_leftovers(root)).written == 500


def test_a_store_that_turns_out_corrupt_is_set_aside(db: Path, root: Path) -> None:
    """Damage in the middle shows only when it is touched; no call is lost by it."""
    with open_store(db) as store:
        store.write_run(RUN)
        store.write_events([call(event_id=new_id()) for _ in range(50)])
    damage(db, "telemetry")
    damaged = db.read_bytes()
    event = call()
    write_journal(root, event_line(event))

    report = merge_journals(db, [claim(root)])

    assert (report.written, report.failure) == (1, None)
    assert report.set_aside is not None
    assert report.set_aside.read_bytes() == damaged
    with open_store(db) as store:
        assert store.events("run") == [event]


def test_sums_that_cannot_be_added_to_set_their_store_aside(db: Path, root: Path) -> None:
    """SQLite itself finds nothing wrong with them."""
    times = {"duration_ms": 1.0, "status": "ok"}
    with open_store(db) as store:
        store.write_run(RUN)
        store.write_events([call(**times)])
    with closing(sqlite3.connect(db)) as database, database:
        database.execute("UPDATE rollups_hourly SET duration_min = NULL")
    write_journal(root, event_line(call(**times)))

    report = merge_journals(db, [claim(root)])

    assert (report.written, report.failure) == (1, None)
    assert report.set_aside is not None


def test_a_fault_that_nobody_foresaw_names_the_store_and_keeps_the_journals(
    db: Path, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever its kind."""
    journal = write_journal(root, event_line(call()))
    broken: dict[str, int] = {}
    monkeypatch.setattr("understudy.store._merge.write_gathered", lambda *_: broken["what"])

    report = merge_journals(db, [claim(root)])

    assert report.failure == f"the store {db} cannot be used (KeyError: 'what')"
    assert report.kept == (journal,)


def test_a_file_that_is_no_database_is_set_aside(db: Path, root: Path) -> None:
    """Nothing of it is overwritten."""
    write_journal(root, event_line(call()))
    db.write_text("This is not SQLite.")

    report = merge_journals(db, [claim(root)])

    assert (report.written, report.failure) == (1, None)
    assert report.set_aside is not None
    assert report.set_aside.read_text() == "This is not SQLite."


def test_a_location_that_makes_no_sense_keeps_the_journals(db: Path, root: Path) -> None:
    """It is the user's error, and raised; the claim is given back."""
    write_journal(root, event_line(call()))

    with pytest.raises(SettingsError):
        merge_journals("mysql://host/llm", [claim(root)])

    assert merge_journals(db, [claim(root)]).written == 1


def test_two_runs_side_by_side_keep_to_their_own(db: Path, root: Path) -> None:
    """The first to finish merges nothing of the second."""
    first, second = RunJournals.begin(root, "first"), RunJournals.begin(root, "second")
    write_journal(root, event_line(call(run_id="first")), run_id="first")
    write_journal(root, event_line(call(run_id="second")), run_id="second")

    reports = [merge_journals(db, [held, *claim_leftovers(root)]) for held in (first, second)]

    assert [[run.run_id for run in report.runs] for report in reports] == [["first"], ["second"]]
    with open_store(db) as store:
        assert {run.run_id for run in store.runs()} == {"first", "second"}


def test_a_journal_whose_time_was_pruned_adds_to_the_rollups_only(db: Path, root: Path) -> None:
    """Once, also where it is merged a second time; the report counts it."""
    path = write_journal(root, event_line(call()))
    copy = shutil.copy(path, db.parent / "copy")
    with open_store(db) as store:
        store.mark_pruned("telemetry", NOON + timedelta(days=1))

    first = merge_journals(db, [claim(root)])
    path.parent.mkdir()
    shutil.copy(copy, path)
    second = merge_journals(db, [claim(root)])

    assert [(each.written, each.late, each.failure) for each in (first, second)] == [
        (0, 1, None),
        (0, 0, None),
    ]
    with open_store(db) as store:
        assert store.events("run") == []
        assert [found.attempts for found in store.statistics_by_model(since=NOON)] == [1]
