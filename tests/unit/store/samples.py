"""Records to store, and journals that hold them."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from understudy.durable import Journal, RunJournals, journal_path
from understudy.events import CallEvent, new_id
from understudy.store import Run, open_store

if TYPE_CHECKING:
    from pathlib import Path

NOON = datetime(2026, 3, 14, 12, tzinfo=UTC)
RUN = Run(run_id="run", started=NOON)


def call(**fields: Any) -> CallEvent:
    """Make a call outside any test of RUN."""
    known: dict[str, Any] = {
        "event_id": new_id(),
        "call_id": "call",
        "ts": NOON,
        "run_id": "run",
        "provider": "openai",
        "request_model": "gpt-4o",
    }
    return CallEvent(**(known | fields))


def event_line(event: CallEvent) -> bytes:
    """Return the line of a journal for `event`."""
    return b'{"kind":"event",' + event.model_dump_json(exclude_none=True).encode()[1:]


def line(kind: str, **fields: Any) -> bytes:
    """Return a line of a journal."""
    return json.dumps({"kind": kind, **fields}).encode()


def write_journal(root: Path, *lines: bytes, run_id: str = "run", worker: str = "main") -> Path:
    """Leave a finished journal behind."""
    path = journal_path(root, run_id, worker)
    with closing(Journal.open(path)) as journal:
        for each in lines:
            journal.append(each)
    return path


def claim(root: Path, run_id: str = "run") -> RunJournals:
    """Claim the journals of a dead run."""
    claimed = RunJournals.claim(root / run_id)
    assert claimed is not None
    return claimed


def refuse(db: Path, table: str, which: str) -> None:
    """Let a store refuse such rows of `table`, as a constraint does."""
    with open_store(db):
        pass
    with closing(sqlite3.connect(db)) as database, database:
        database.execute(
            f"CREATE TRIGGER refusing BEFORE INSERT ON {table} WHEN NEW.{which}"
            " BEGIN SELECT RAISE(ABORT, 'refused'); END"
        )


def damage(db: Path, table: str) -> None:
    """Overwrite the page where the rows of `table` are found."""
    with closing(sqlite3.connect(db)) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        query = "SELECT rootpage FROM sqlite_master WHERE name = ?"
        (page,) = database.execute(query, (table,)).fetchone()
        (size,) = database.execute("PRAGMA page_size").fetchone()
    with db.open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\xff" * size)
