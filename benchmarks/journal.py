"""What keeping a finished call costs the process that made it, beside an insert into SQLite.

Target: at most 8 µs a line at the median.
"""

from __future__ import annotations

import sqlite3
import tempfile
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Final

from understudy.durable import Journal

if TYPE_CHECKING:
    from collections.abc import Callable

LINES: Final = 20_000
LINE: Final = b'{"kind":"event","event_id":"' + b"x" * 900 + b'"}'


def latencies(write: Callable[[], object]) -> tuple[float, float]:
    """Return the median and the 95th percentile of one write in µs."""
    spent = []
    for _ in range(LINES):
        start = time.perf_counter()
        write()
        spent.append(time.perf_counter() - start)
    spent.sort()
    return spent[LINES // 2] * 1e6, spent[LINES * 95 // 100] * 1e6


def main() -> None:
    """Print both ways and their ratio."""
    with tempfile.TemporaryDirectory() as name:
        with closing(Journal.open(Path(name, "journal", "main.jsonl"))) as journal:
            ours = latencies(lambda: journal.append(LINE))
        with closing(sqlite3.connect(Path(name, "a.db"), isolation_level=None)) as database:
            database.execute("PRAGMA journal_mode = WAL")
            database.execute("PRAGMA synchronous = NORMAL")
            database.execute("CREATE TABLE lines (line TEXT) STRICT")
            text = LINE.decode()
            theirs = latencies(lambda: database.execute("INSERT INTO lines VALUES (?)", (text,)))
    print(f"  journal, one line: {ours[0]:.1f} µs p50, {ours[1]:.1f} µs p95 (target ≤ 8 µs)")
    print(f"  SQLite, one insert: {theirs[0]:.1f} µs p50, {theirs[1]:.1f} µs p95")
    print(f"  ratio: 1/{theirs[0] / ours[0]:.0f} at p50, 1/{theirs[1] / ours[1]:.0f} at p95")
