"""A store with predictions, and a way to run commands over it."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from tests.unit.analytics.samples import estimate

from understudy.events import CallEvent
from understudy.store import Phase, Run, open_store

if TYPE_CHECKING:
    from pathlib import Path
    from types import ModuleType

OLD = datetime(2026, 3, 1, tzinfo=UTC)
NEW = OLD + timedelta(days=10)
PHASE = "test_a.py::test_b"


def run_command(command: ModuleType, *arguments: str) -> int:
    """Run one command; return its exit status."""
    parser = argparse.ArgumentParser()
    command.add_parser(parser.add_subparsers())
    parsed = parser.parse_args(arguments)
    status: int = parsed.run(parsed)
    return status


def write_store(path: Path) -> Path:
    """Store an old run with one prediction and a call, and a new one with three predictions."""
    with open_store(path) as store:
        for run_id, start in (("old", OLD), ("new", NEW)):
            store.write_run(Run(run_id=run_id, started=start, options=["-k", "a, b"]))
            store.write_phases([Phase(run_id=run_id, phase_id=PHASE)])
        store.write_events(
            [
                CallEvent(
                    event_id="c",
                    call_id="c",
                    ts=OLD,
                    run_id="old",
                    phase_id=PHASE,
                    cost_nanousd=1_500,
                )
            ]
        )
        rows = [
            estimate(800, 1200, category="testing", complexity="low", deliverable_count=2),
            estimate(1200, 800, category="testing", complexity="low", deliverable_count=2),
            estimate(5, None, success=None),
        ]
        old = estimate(1000, 1400, estimate_id="e0", run_id="old", ts=OLD)
        new = [
            row.model_copy(update={"estimate_id": f"e{number}", "run_id": "new", "ts": NEW})
            for number, row in enumerate(rows, start=1)
        ]
        store.write_estimates([old, *new])
    return path
