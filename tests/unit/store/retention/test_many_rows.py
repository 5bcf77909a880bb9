"""Many rows: a prune beside a writer, and an export whose memory does not grow with them."""

from __future__ import annotations

import json
import sqlite3
import sys
import threading
from contextlib import closing
from datetime import timedelta
from subprocess import run
from typing import TYPE_CHECKING

import pytest
from tests.contracts.store_models import model_event
from tests.unit.store.samples import NOON, RUN

from understudy.clock import RealClock
from understudy.reports.export import export_format
from understudy.store import open_store
from understudy.store.exports import microseconds
from understudy.store.retention import PruneOrder

if TYPE_CHECKING:
    from pathlib import Path

_ROWS = 50_000
_FILL = """
    WITH RECURSIVE counted(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM counted WHERE n < ? - 1)
    INSERT INTO model_log (ts, event_id, owner_id, series_id, value, tokens, prompt_tokens)
    SELECT ? + n, CAST(printf('%016d', n) AS BLOB), 1, 1, 20.0, 100, 400 FROM counted
"""
_EXPORT = """
import json, sys
from pathlib import Path
from understudy.reports.export import export_format
from understudy.store import open_store
from understudy.store.exports import export_tables

store, out = sys.argv[1:]
table = export_tables()["models"]
with open_store(store) as opened, open(out, "wb") as file:
    rows = export_format('parquet').write(file, table, opened.export(table))
# Not ru_maxrss: it begins with what the process was that started this one.
memory = Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0]
print(json.dumps([rows, int(memory)]))
"""


def fill(path: Path, rows: int) -> None:
    """Write events of one model, a microsecond apart."""
    with open_store(path) as store:
        store.write_run(RUN)
        store.write_models([model_event(phase_id=None, ts=NOON - timedelta(days=1))])
    with closing(sqlite3.connect(path)) as database, database:
        database.execute(_FILL, (rows, microseconds(NOON)))
        database.execute("UPDATE model_owners SET last = (SELECT MAX(ts) FROM model_log)")
        database.execute("UPDATE row_counts SET rows = rows + ? WHERE name = 'model_log'", (rows,))


def test_nobody_who_writes_beside_a_prune_is_refused(tmp_path: Path) -> None:
    """Each event of the writer is there at the end, and no old one is."""
    path = tmp_path / "telemetry.db"
    fill(path, _ROWS)
    done = threading.Event()
    written = 0

    def write() -> None:
        nonlocal written
        with open_store(path) as store:
            while not done.wait(0.002):  # without a pause SQLite lets nobody else in
                written += store.write_models(
                    [model_event(phase_id=None, ts=NOON + timedelta(days=1))]
                ).written

    writer = threading.Thread(target=write)
    writer.start()
    with open_store(path) as store:
        order = PruneOrder(NOON + timedelta(hours=1))
        report = store.prune(order, formats=export_format, clock=RealClock())
        done.set()
        writer.join()
        assert report.rows["model_events"] == _ROWS + 1
        assert store.footprint().rows["model_events"] == len(store.models("run")) == written > 0


@pytest.mark.skipif(sys.platform != "linux", reason="units of memory differ")
def test_an_export_to_parquet_takes_no_more_memory_for_more_rows(tmp_path: Path) -> None:
    """It is streamed: a quarter of a gigabyte is enough for any number."""
    pytest.importorskip("pyarrow", reason="pyarrow is not installed")
    path = tmp_path / "telemetry.db"
    fill(path, 2 * _ROWS)

    command = [sys.executable, "-c", _EXPORT, str(path), str(tmp_path / "out")]
    rows, kilobytes = json.loads(run(command, check=True, capture_output=True, text=True).stdout)

    assert rows == 2 * _ROWS + 1
    assert kilobytes < 250_000
