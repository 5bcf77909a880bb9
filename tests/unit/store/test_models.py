"""Model events on their way from the journal to the store."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any

from tests.unit.store.samples import NOON, claim, line, write_journal

from understudy.events import new_id
from understudy.store import gather, merge_journals, open_store

if TYPE_CHECKING:
    from pathlib import Path


def model_line(**fields: Any) -> bytes:
    known = {
        "event_type": "THOUGHT_LATENCY",
        "event_id": new_id(),
        "ts": NOON.timestamp(),
        "phase_id": "test",
        "component": "gemma2:27b",
        "value": 23.0,
    }
    return line("model", **known | fields)


def test_a_line_that_is_no_model_event_is_rejected_with_its_reason(tmp_path: Path) -> None:
    """The others are taken, with a run and a test that no line tells of."""
    path = write_journal(
        tmp_path,
        model_line(value=-1),
        model_line(ts=None),
        model_line(event_id=None),
        model_line(event_id="mine"),
        model_line(),
    )

    gathered = gather([path], price=lambda event: event)

    (event,) = gathered.models
    assert (event.run_id, event.worker, event.ts) == ("run", "main", NOON)
    assert [phase.phase_id for phase in gathered.phases.values()] == ["test"]
    first, *missing, last = (each.reason for each in gathered.rejected)
    assert first.startswith("THOUGHT_LATENCY.value: ")
    assert missing == ["ts: Field required", "event_id: Field required"]
    assert "event_id" in last


def test_a_line_that_is_there_twice_is_one_event(tmp_path: Path) -> None:
    """A worker that hung writes no second one."""
    twice = model_line()

    gathered = gather([write_journal(tmp_path, twice, twice)], price=lambda event: event)

    assert len(gathered.models) == 1


def test_model_events_are_merged_and_reported(tmp_path: Path) -> None:
    """One that the store refuses is kept with the rejected lines."""
    root, path = tmp_path / "telemetry.db.journal", tmp_path / "telemetry.db"
    write_journal(root, model_line(), model_line(component="refused"))
    open_store(path).close()
    with closing(sqlite3.connect(path)) as database, database:
        database.execute(
            "CREATE TRIGGER refusing BEFORE INSERT ON model_series "
            "WHEN NEW.component = 'refused' BEGIN SELECT RAISE(ABORT, 'no'); END"
        )

    report = merge_journals(path, [claim(root)])

    with open_store(path) as store:
        assert store.models("run") == list(report.models[:1])
    assert (len(report.models), report.rejected, report.reasons) == (2, 1, ("no",))
