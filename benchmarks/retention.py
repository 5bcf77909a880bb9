"""A prune beside a writer, and exports, beside the plain way to do each.

Targets: 500,000 of a million rows pruned in < 10 s while no writer waits > 100 ms at p99; the
million exported to Parquet in < 30 s with < 250 MB of memory.
"""

from __future__ import annotations

import csv
import os
import platform
import resource
import shutil
import sqlite3
import tempfile
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from random import Random
from statistics import quantiles
from typing import TYPE_CHECKING, Any, Final

from understudy.clock import RealClock
from understudy.events import new_id
from understudy.events.model import ThoughtLatency
from understudy.reports.export import export_format
from understudy.store import Run, open_store
from understudy.store.exports import export_tables, microseconds
from understudy.store.retention import PruneOrder

from . import store as calls

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.queues import Queue
    from multiprocessing.synchronize import Event

    from understudy.store import Store

ROWS: Final = 1_000_000
CALLS: Final = 100_000
MODELS: Final = 20
BATCH: Final = 20_000
START: Final = datetime(2026, 1, 1, tzinfo=UTC)
HALF: Final = timedelta(days=60)
_FILL: Final = f"""
    WITH RECURSIVE counted(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counted WHERE n < :rows)
    INSERT INTO model_log (
        ts, event_id, owner_id, series_id, value, tokens, prompt_tokens, decode_ms, prompt_ms
    )
    SELECT :start + n * :step, randomblob(16), n / {BATCH} % {MODELS} + 1, n % {MODELS} + 1,
        10.0 + abs(random() % 10000) / 500.0, 20 + n % 780, 80 + n % 3120, 20.0 * n, 3.0 * n
    FROM counted
"""
_PROCESSES: Final = get_context("spawn")


def a_thought(**fields: Any) -> ThoughtLatency:
    """Make an event of a model."""
    known = {"event_id": new_id(), "ts": START, "component": "model-0", "value": 21.5}
    return ThoughtLatency(tokens_generated=120, prompt_tokens=480, **{**known, **fields})


def fill(store: Store, path: Path) -> None:
    """Write all events over 120 days, by SQL: the sums play no part here."""
    for number in range(MODELS):
        run = Run(run_id=f"{number:032x}", kind="logger", started=START)
        store.write_run(run)
        store.write_models([a_thought(component=f"model-{number}", run_id=run.run_id)])
    with closing(sqlite3.connect(path)) as database, database:
        step = 2 * HALF // timedelta(microseconds=1) // ROWS
        database.execute(_FILL, {"rows": ROWS, "start": microseconds(START), "step": step})
        database.execute("UPDATE model_owners SET last = (SELECT MAX(ts) FROM model_log)")
        database.execute("UPDATE row_counts SET rows = rows + ? WHERE name = 'model_log'", (ROWS,))


def fill_calls(store: Store) -> None:
    """Write calls over the same time, a run at a time."""
    random = Random(0)
    for first in range(0, CALLS, BATCH):
        events = [
            calls.a_call(number, random).model_copy(
                update={"ts": START + 2 * HALF * number / CALLS, "run_id": f"{first:032x}"}
            )
            for number in range(first, first + BATCH)
        ]
        store.write_run(Run(run_id=f"{first:032x}", started=events[0].ts))
        store.write_events(events)


def write_beside(path: Path, ready: Event, done: Event, waits: Queue[list[float]]) -> None:
    """Log an event every 5 ms, each in a transaction of its own; tell how long each took."""
    spent: list[float] = []
    with open_store(path, timeout=60) as store:
        store.write_run(Run(run_id="f" * 32, kind="logger", started=START))
        ready.set()
        while len(spent) < 2 or not done.is_set():
            event = a_thought(run_id="f" * 32, ts=START + 3 * HALF)
            start = time.perf_counter()
            store.write_models([event])
            spent.append((time.perf_counter() - start) * 1e3)
            time.sleep(0.005)
    waits.put(spent)


def beside_a_writer(path: Path, action: Callable[[], object]) -> str:
    """Do something while another process writes; tell how long both took."""
    ready, done, waits = _PROCESSES.Event(), _PROCESSES.Event(), _PROCESSES.Queue()
    writer = _PROCESSES.Process(target=write_beside, args=(path, ready, done, waits))
    writer.start()
    ready.wait()
    start, cpu = time.perf_counter(), time.process_time()
    action()
    seconds, cpu = time.perf_counter() - start, time.process_time() - cpu
    done.set()
    spent = waits.get()
    writer.join()
    cuts = quantiles(spent, n=100, method="inclusive")
    return (
        f"{seconds:.1f} s ({cpu:.1f} s CPU); {len(spent):,} writes beside it: p50 {cuts[49]:.1f}, "
        f"p99 {cuts[98]:.0f}, longest {max(spent):.0f} ms"
    )


def prune(path: Path) -> None:
    """Prune the older half, without files."""
    with open_store(path, timeout=60) as store:
        order = PruneOrder(START + HALF)
        store.prune(order, formats=export_format, clock=RealClock())


def delete_plainly(path: Path) -> None:
    """Delete the older half in one statement."""
    with closing(sqlite3.connect(path, timeout=60)) as database, database:
        before = microseconds(START + HALF)
        database.execute("DELETE FROM model_log WHERE ts < ?", (before,))


def export(
    path: Path, name: str, table: str, result: Queue[tuple[float, float, int, float]]
) -> None:
    """Export a table; tell seconds, seconds of the processor, rows and MB of memory."""
    wall, cpu = time.perf_counter(), time.process_time()
    with open_store(path) as store, (path.parent / "out").open("wb") as file:
        found = export_tables()[table]
        rows = export_format(name).write(file, found, store.export(found))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    result.put((time.perf_counter() - wall, time.process_time() - cpu, rows, memory))


def export_plainly(path: Path, view: str) -> float:
    """Write a table with csv.writer, as it stands in SQL; return the seconds."""
    start = time.perf_counter()
    with closing(sqlite3.connect(path)) as database, (path.parent / "out").open("w") as file:
        csv.writer(file).writerows(database.execute(f"SELECT * FROM {view}"))
    return time.perf_counter() - start


def measure_export(path: Path, name: str, table: str) -> None:
    """Export in a process of its own, so that its memory is its own."""
    result: Queue[tuple[float, float, int, float]] = _PROCESSES.Queue()
    process = _PROCESSES.Process(target=export, args=(path, name, table, result))
    process.start()
    wall, cpu, rows, memory = result.get()
    process.join()
    size = (path.parent / "out").stat().st_size / 1e6
    print(
        f"  export of {rows:,} rows of {table} to {name}: {wall:.1f} s ({cpu:.1f} s CPU), "
        f"{size:.0f} MB, memory {memory:.0f} MB"
    )


def main() -> None:
    """Fill two stores, export them, and prune the half of each."""
    print(f"  CPython {platform.python_version()}, SQLite {sqlite3.sqlite_version}, ", end="")
    print(f"load {os.getloadavg()[0]:.1f}")
    with tempfile.TemporaryDirectory() as name:
        models, others = Path(name, "models.db"), Path(name, "calls.db")
        with open_store(models) as store:
            fill(store, models)
        with open_store(others) as store:
            fill_calls(store)
        for form in ("parquet", "csv"):
            measure_export(models, form, "models")
            measure_export(others, form, "calls")
        plain = export_plainly(models, "model_events")
        print(f"  csv.writer over the view of model events: {plain:.1f} s")
        copy = Path(shutil.copy(models, Path(name, "copy.db")))
        for what, path, way in (
            (f"prune of {ROWS // 2:,} model events", models, prune),
            ("one DELETE of the same", copy, delete_plainly),
            (f"prune of {CALLS // 2:,} calls", others, prune),
        ):
            print(f"  {what}: {beside_a_writer(path, partial(way, path))}", flush=True)
        print(f"  load at the end {os.getloadavg()[0]:.1f}")
