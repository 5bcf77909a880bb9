"""Estimates on their way from the journal to the store."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest
from tests.unit.store.samples import NOON, call, claim, event_line, line, refuse, write_journal

from understudy.store import Phase, gather, merge_journals, open_store
from understudy.store._migrations import MIGRATIONS
from understudy.store._sqlite import _migrate

if TYPE_CHECKING:
    from pathlib import Path

    from understudy.events import AnyEvent


def _as_is(event: AnyEvent) -> AnyEvent:
    return event


def estimate_line(**fields: Any) -> bytes:
    known = {
        "estimate_id": "e1",
        "ts": NOON.timestamp(),
        "phase_id": "test",
        "call_id": "call",
        "predicted_output_tokens": 1000,
    }
    return line("estimate", **known | fields)


def test_the_events_of_its_call_settle_an_estimate(tmp_path: Path) -> None:
    """Against the last successful attempt."""
    first = call(status="error", phase_id="test")
    second = call(attempt=2, output_tokens=1400, finish_reason="length", phase_id="test")

    path = write_journal(tmp_path, estimate_line(), event_line(first), event_line(second))
    (found,) = gather([path], price=_as_is).estimates

    assert (found.run_id, found.worker, found.actual_output_tokens) == ("run", "main", 1400)
    assert found.smape_percent == pytest.approx(33.33, abs=0.005)
    assert found.waste_ratio == pytest.approx(0.714, abs=0.0005)
    assert (found.underestimated, found.truncated) == (True, True)


def test_an_estimate_of_no_call_is_kept_without_an_outcome(tmp_path: Path) -> None:
    """Its phase is made up where no line tells of it."""
    path = write_journal(tmp_path, estimate_line(call_id=None))

    gathered = gather([path], price=_as_is)

    (found,) = gathered.estimates
    assert (found.call_id, found.success, found.actual_output_tokens) == (None, None, None)
    assert list(gathered.phases.values()) == [Phase(run_id="run", phase_id="test")]


def test_a_line_that_is_no_estimate_is_rejected_with_its_reason(tmp_path: Path) -> None:
    """The others are taken."""
    path = write_journal(
        tmp_path, estimate_line(complexity="hard"), estimate_line(estimate_id="e2")
    )

    gathered = gather([path], price=_as_is)

    assert [each.estimate_id for each in gathered.estimates] == ["e2"]
    (rejected,) = gathered.rejected
    assert rejected.reason.startswith("complexity: ")


def test_estimates_are_merged_and_reported(tmp_path: Path) -> None:
    """What the database refuses is counted, and kept beside the store."""
    root = tmp_path / "telemetry.db.journal"
    refuse(tmp_path / "telemetry.db", "token_estimates", "estimate_id = 'e2'")
    refused = estimate_line(estimate_id="e2")
    answer = event_line(call(output_tokens=1, phase_id="test"))
    write_journal(root, answer, estimate_line(), refused)

    report = merge_journals(tmp_path / "telemetry.db", [claim(root)])

    assert [each.estimate_id for each in report.estimates] == ["e1", "e2"]
    assert report.rejected == 1
    assert report.rejected_path is not None
    assert "e2" in report.rejected_path.read_text()
    with open_store(tmp_path / "telemetry.db") as store:
        assert [each.estimate_id for each in store.estimates()] == ["e1"]


def test_a_store_of_the_first_version_takes_estimates(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The column that was missing is added, what was there stays."""
    path = tmp_path / "telemetry.db"
    with monkeypatch.context() as before:
        before.setattr(_migrate, "MIGRATIONS", MIGRATIONS[:1])
        before.setattr(_migrate, "CURRENT_VERSION", 1)
        with closing(sqlite3.connect(path, isolation_level=None)) as database:
            _migrate.migrate(database)
            database.execute(
                "INSERT INTO runs (run_id, started) VALUES ('old', '2026-03-14T12:00:00.000000Z')"
            )
            database.execute(
                "INSERT INTO phases (run_id, phase_id, worker, rerun)"
                " VALUES ('old', 'test', 'main', 0)"
            )
            database.execute(
                "INSERT INTO token_estimates"
                " (estimate_id, ts, run_id, phase_id, worker, rerun, predicted_output_tokens)"
                " VALUES ('e', '2026-03-14T12:00:00.000000Z', 'old', 'test', 'main', 0, 5)"
            )

    with open_store(path) as store:
        (found,) = store.estimates()

    assert (found.predicted_output_tokens, found.prompt_tokens) == (5, None)
