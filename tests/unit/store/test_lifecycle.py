"""Lifecycle events on their way from the journal to the store."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest
from tests.unit.store.samples import NOON, call, claim, event_line, line, write_journal

from understudy.events.lifecycle import GenerationCompleted
from understudy.store import gather, merge_journals, open_store
from understudy.store._migrations import MIGRATIONS
from understudy.store._sqlite import _migrate

if TYPE_CHECKING:
    from pathlib import Path

    from understudy.events import AnyEvent

#: What a call costs here, in nano-USD.
COST = 100


def priced(event: AnyEvent) -> AnyEvent:
    return event.model_copy(update={"cost_nanousd": COST})


def unpriced(event: AnyEvent) -> AnyEvent:
    return event


def completed_line(**fields: Any) -> bytes:
    known = {
        "event_type": "llm_generation_completed",
        "event_id": "e1",
        "ts": NOON.timestamp(),
        "phase_id": "test",
        "success": False,
    }
    return line("lifecycle", **known | fields)


@pytest.mark.parametrize(
    ("price", "named", "cost"),
    [
        (priced, ["c1", "c2"], 2 * COST),
        (priced, ["c1", "lost"], None),
        (unpriced, ["c1"], None),
        (priced, [], None),
    ],
    ids=["priced", "one is not there", "no price", "no calls"],
)
def test_the_cost_of_an_operation_is_that_of_the_calls_it_names(
    tmp_path: Path, price: Any, named: list[str], cost: int | None
) -> None:
    """Unknown where that of any of them is."""
    events = [event_line(call(event_id=name)) for name in ("c1", "c2")]
    path = write_journal(tmp_path, *events, completed_line(cost_of=named))

    (found,) = gather([path], price=price).lifecycle

    assert isinstance(found, GenerationCompleted)
    assert (found.run_id, found.worker, found.success) == ("run", "main", False)
    assert found.cost_nanousd == cost


def test_a_line_that_is_no_lifecycle_event_is_rejected_with_its_reason(tmp_path: Path) -> None:
    """The others are taken, with a test that no line tells of."""
    path = write_journal(
        tmp_path,
        completed_line(success=None),
        completed_line(ts=None),
        completed_line(event_id=None),
        completed_line(),
    )

    gathered = gather([path], price=unpriced)

    assert len(gathered.lifecycle) == 1
    assert [phase.phase_id for phase in gathered.phases.values()] == ["test"]
    first, *others = (each.reason for each in gathered.rejected)
    assert first.startswith("llm_generation_completed.success: ")
    assert others == ["ts: Field required", "event_id: Field required"]


def test_lifecycle_events_are_merged_and_reported(tmp_path: Path) -> None:
    """With those that say False."""
    root = tmp_path / "telemetry.db.journal"
    write_journal(root, completed_line())

    report = merge_journals(tmp_path / "telemetry.db", [claim(root)])

    with open_store(tmp_path / "telemetry.db") as store:
        assert store.lifecycle("run") == list(report.lifecycle)
    with closing(sqlite3.connect(tmp_path / "telemetry.db")) as database:
        assert database.execute("SELECT success FROM lifecycle_events").fetchall() == [(0,)]


def test_a_store_of_the_version_before_takes_lifecycle_events(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its columns get the names that applications use; a row that stood there stays."""
    path = tmp_path / "telemetry.db"
    with monkeypatch.context() as before:
        before.setattr(_migrate, "MIGRATIONS", MIGRATIONS[:3])
        before.setattr(_migrate, "CURRENT_VERSION", 3)
        with closing(sqlite3.connect(path, isolation_level=None)) as database:
            _migrate.migrate(database)
            database.execute(
                "INSERT INTO runs (run_id, started) VALUES ('old', '2026-03-14T12:00:00.000000Z')"
            )
            database.execute(
                "INSERT INTO lifecycle_events (event_id, event_type, ts, run_id, worker, rerun,"
                " schema_version, os, arch, product_version, operation, attempt) VALUES ('e',"
                " 'llm_repair_attempt', '2026-03-14T12:00:00.000000Z', 'old', 'main', 0, 1,"
                " 'linux', 'x86_64', '0.1', 'edit', 2)"
            )

    with open_store(path) as store:
        (found,) = store.lifecycle("old")

    fields = found.model_dump(exclude_none=True)
    assert (fields["tool_name"], fields["attempt_number"], fields["inferred"]) == ("edit", 2, False)
