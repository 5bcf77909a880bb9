"""Model events: the file of 72,000, and what a million of 60 days answer, beside plain SQL.

Targets: 72,000 in 12 MB; at a million one event in its own transaction < 1 ms, 24 hours weighted
by tokens < 2 ms, statistics of 60 days < 2 ms, footprint < 1 ms.
"""

from __future__ import annotations

import json
import math
import sqlite3
import tempfile
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random
from statistics import median
from typing import TYPE_CHECKING, Any, Final
from unittest.mock import patch

from understudy.events import new_id
from understudy.events.model import AnyModelEvent, LoadLatency, ThoughtLatency, VramCheck
from understudy.store import Phase, Run, Store, open_store
from understudy.store._migrations import MIGRATIONS
from understudy.store._sqlite import _migrate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

FEW: Final = 72_000
MANY: Final = 1_000_000
RUNS: Final = 200
BEFORE: Final = 6
TESTS: Final = 20
START: Final = datetime(2026, 1, 1, tzinfo=UTC)
END: Final = START + timedelta(days=60)
MODELS: Final = tuple(
    f"{family}:{size}b" for family in ("gemma2", "llama3.1", "qwen2.5") for size in (7, 27)
)

# As version 1 of the schema had it: text for every key, everything in JSON.
_PLAIN: Final = """
    CREATE TABLE model_events (
        event_id TEXT NOT NULL PRIMARY KEY, event_type TEXT NOT NULL, ts TEXT NOT NULL,
        run_id TEXT NOT NULL, phase_id TEXT, worker TEXT NOT NULL, rerun INTEGER NOT NULL,
        component TEXT NOT NULL, value REAL NOT NULL, tokens INTEGER, status TEXT,
        success INTEGER, metadata TEXT
    );
    CREATE INDEX by_phase ON model_events (run_id, phase_id);
    CREATE INDEX by_component ON model_events (component, event_type, ts);
"""
_INSERT: Final = f"INSERT INTO model_events VALUES ({', '.join('?' * 13)})"
_TOLD: Final = (
    *("event_id", "event_type", "ts", "run_id", "phase_id", "worker", "rerun", "component"),
    *("value", "tokens", "status", "success"),
)
_IN_ORDER: Final = "ORDER BY event_id"
_PHASE: Final = "INSERT INTO phases (run_id, phase_id, worker, rerun) VALUES (?, ?, 'main', 0)"
_WEIGHTED: Final = """
    SELECT component, SUM(value * tokens) / SUM(tokens), SUM(tokens), COUNT(*) FROM model_events
    WHERE event_type = 'THOUGHT_LATENCY' AND ts >= ? GROUP BY component
"""
_COUNTED: Final = (
    "SELECT SUM(pgsize), (SELECT COUNT(*) FROM model_events), "
    "(SELECT MIN(ts) FROM model_events) FROM dbstat"
)


def cpu_and_wall(action: Callable[[], object], rounds: int) -> tuple[float, float]:
    """Return the medians of `rounds` after a warm-up, in milliseconds.

    Where eight processes share two cores, the wall tells how long one waits for its turn.
    """
    spent = []
    for _ in range(rounds + 1):
        wall, cpu = time.perf_counter(), time.process_time()
        action()
        spent.append((time.process_time() - cpu, time.perf_counter() - wall))
    cpus, walls = zip(*spent[1:], strict=True)
    return median(cpus) * 1e3, median(walls) * 1e3


def compare(
    what: str,
    ours: Callable[[], object],
    target: float,
    plain_way: str,
    plain: Callable[[], object],
) -> None:
    """Print a line for a thing and the plain way to do it."""
    cpu, wall = cpu_and_wall(ours, 25)
    theirs, waited = cpu_and_wall(plain, 2)
    print(f"  {what}: {cpu:.3g} ms CPU, {wall:.3g} ms in all (target < {target} ms); ", end="")
    print(f"{plain_way}: {theirs:.3g} ms CPU, {waited:.3g} in all, ratio {cpu / theirs:.2g}")


def an_event(random: Random, **known: Any) -> AnyModelEvent:
    """Make one as engines tell them: 87 of 100 are answers."""
    kind, component = random.random(), random.choice(MODELS)
    if kind >= 0.93:
        used = float(random.randrange(1000, 20000))
        free = {"value": 24576.0 - used, "used": used, "total": 24576.0}
        return VramCheck(component="gpu:GPU-3b1b2b3c", **free, **known)
    if kind >= 0.87:
        seconds = random.lognormvariate(1.5, 0.3)
        return LoadLatency(component=component, value=seconds, source="engine", **known)
    tokens, prompt = random.randrange(5, 800), random.randrange(20, 4000)
    decode, read = random.lognormvariate(3, 0.3) * tokens, random.random() * prompt / 2
    return ThoughtLatency(
        component=component,
        value=(decode + read) / tokens,
        tokens_generated=tokens,
        prompt_tokens=prompt,
        decode_ms=decode,
        prompt_ms=read,
        source="engine",
        call_id=new_id(),
        **known,
    )


def batches(count: int, minutes: float | None) -> Iterator[tuple[Run, list[Phase], Any]]:
    """Yield runs with tests and events, all of the time or so many minutes of it each."""
    random = Random(0)
    share = (END - START) / RUNS
    each = count // RUNS
    length = share if minutes is None else timedelta(minutes=minutes)
    for number in range(RUNS):
        began, run_id = START + number * share, new_id()
        phases = [
            Phase(run_id=run_id, phase_id=f"tests/test_models.py::test_answers[{test}]")
            for test in range(TESTS)
        ]
        events = [
            an_event(
                random,
                event_id=new_id(),
                ts=began + place * length / each,
                run_id=run_id,
                phase_id=phases[place * TESTS // each].phase_id,
            )
            for place in range(each)
        ]
        yield Run(run_id=run_id, started=began), phases, events


def fill(store: Store, plain: sqlite3.Connection, count: int, minutes: float | None) -> float:
    """Write to both; return the seconds that the store took."""
    spent = 0.0
    for run, phases, events in batches(count, minutes):
        start = time.perf_counter()
        with store.transaction():
            store.write_run(run)
            store.write_phases(phases)
            store.write_models(events)
        spent += time.perf_counter() - start
        plain.executemany(_INSERT, map(plain_row, events))
        plain.commit()
    return spent


def plain_row(event: AnyModelEvent) -> tuple[Any, ...]:
    """Return the row that the first version of the schema had."""
    ts = event.ts.isoformat(timespec="microseconds").replace("+00:00", "Z") if event.ts else None
    owner = (event.run_id, event.phase_id, event.worker, event.rerun)
    tokens = getattr(event, "tokens_generated", None)
    told = (tokens, event.status, getattr(event, "success", None), json.dumps(event.metadata))
    return (event.event_id, event.event_type, ts, *owner, event.component, event.value, *told)


def measure_file(folder: Path) -> None:
    """Compare the files of 72,000 events in runs of half an hour."""
    path, old = folder / "few.db", folder / "plain-few.db"
    with open_store(path) as store, closing(sqlite3.connect(old)) as plain:
        plain.executescript(_PLAIN)
        spent = fill(store, plain, FEW, 30)
        size = store.footprint().size_bytes / 1e6
    theirs = old.stat().st_size / 1e6
    print(
        f"  {FEW:,} events: {spent / FEW * 1e6:.0f} µs an event; {size:.1f} MB (target 12), ",
        end="",
    )
    print(f"as in version 1 {theirs:.1f} MB, without its runs and tests; ratio {size / theirs:.2g}")


def measure_migration(folder: Path) -> None:
    """Bring a store of the version before with 72,000 events to the one of today."""
    path = folder / "before.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        with patch.multiple(_migrate, MIGRATIONS=MIGRATIONS[:BEFORE], CURRENT_VERSION=BEFORE):
            database.execute("PRAGMA auto_vacuum = INCREMENTAL")
            _migrate.migrate(database)
        for run, phases, events in batches(FEW, 30):
            begun = f"{run.started:%Y-%m-%dT%H:%M:%S.000000Z}"
            database.execute("BEGIN")
            database.execute(
                "INSERT INTO runs (run_id, started) VALUES (?, ?)", (run.run_id, begun)
            )
            database.executemany(_PHASE, [(run.run_id, phase.phase_id) for phase in phases])
            database.executemany(_INSERT, map(plain_row, events))
            database.execute("COMMIT")
        asked = _every_row(database)
    before = path.stat().st_size / 1e6
    start, cpu = time.perf_counter(), time.process_time()
    with open_store(path) as store:
        spent, worked = time.perf_counter() - start, time.process_time() - cpu
        found = store.footprint()
    with closing(sqlite3.connect(path)) as database:
        same = sum(map(_is_same, asked, _every_row(database)))
    print(
        f"  {found.rows['model_events']:,} events of version {BEFORE} migrated: {spent:.1f} s "
        f"({worked:.1f} s CPU), {before:.1f} MB before, {found.size_bytes / 1e6:.1f} after; "
        f"{same:,} of {len(asked):,} rows say the same"
    )


def _every_row(database: sqlite3.Connection) -> list[tuple[Any, ...]]:
    """Return what each event says under the documented names."""
    return _all(database, f"SELECT {', '.join(_TOLD)}, metadata FROM model_events {_IN_ORDER}")


def _is_same(one: tuple[Any, ...], other: tuple[Any, ...]) -> bool:
    """Compare two rows; SQLite writes numbers of JSON with fifteen digits."""
    said, repeated = json.loads(one[-1]), json.loads(other[-1])
    return (
        one[:-1] == other[:-1]
        and said.keys() == repeated.keys()
        and all(_is_near(said[name], repeated[name]) for name in said)
    )


def _is_near(one: Any, other: Any) -> bool:
    numbers = isinstance(one, float | int) and isinstance(other, float | int)
    return math.isclose(one, other, rel_tol=1e-12) if numbers else one == other


def measure_log(store: Store, plain: sqlite3.Connection) -> None:
    """Write events in a transaction of their own."""
    random = Random(1)
    store.write_run(Run(run_id="log", started=END, kind="logger"))
    fresh = (
        an_event(random, event_id=new_id(), ts=END + timedelta(seconds=number), run_id="log")
        for number in range(1000)
    )

    def insert() -> None:
        plain.execute(_INSERT, plain_row(next(fresh)))
        plain.commit()

    compare("log one event", lambda: store.write_models([next(fresh)]), 1, "INSERT", insert)


def measure_reads(store: Store, plain: sqlite3.Connection) -> None:
    """Ask for weighted means, beside SQL over the rows."""
    history = store.model_history
    # Seventeen minutes past the hour: the worst place for rollups to begin.
    for what, since in (("24 h", END - timedelta(hours=23, minutes=43)), ("60 d", START)):
        query = partial(_all, plain, _WEIGHTED, since.isoformat())
        ours = partial(history.thought_sums, since=since, until=END)
        compare(f"{what} weighted by tokens", ours, 2, "SQL over the rows", query)
    first, last = START.date(), END.date()
    for name, ask in (
        ("answers of each of 60 days", partial(history.thought_days, since=first, until=last)),
        ("loads of each of 60 days", partial(history.load_days, since=first, until=last)),
        ("last 10 loads", history.recent_loads),
        (
            "runs of 30 days",
            partial(history.thought_runs, since=END - timedelta(days=30), until=END),
        ),
        (
            "24 h by the minute",
            lambda: list(history.thought_buckets(since=END - timedelta(hours=24), until=END)),
        ),
    ):
        cpu, wall = cpu_and_wall(ask, 9)
        print(f"  {name}: {cpu:.3g} ms CPU, {wall:.3g} ms in all")


def main() -> None:
    """Fill stores and print a line for each thing that they do."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        measure_file(folder)
        measure_migration(folder)
        path, old = folder / "many.db", folder / "plain-many.db"
        with open_store(path) as store, closing(sqlite3.connect(old)) as plain:
            plain.executescript(_PLAIN)
            plain.execute("PRAGMA journal_mode = WAL")
            plain.execute("PRAGMA synchronous = NORMAL")
            spent = fill(store, plain, MANY, None)
            size = store.footprint().size_bytes / 1e6
            theirs = old.stat().st_size / 1e6
            print(
                f"  {MANY:,} events: {spent:.0f} s, {size:.0f} MB; as in version 1 {theirs:.0f} MB"
            )
            measure_log(store, plain)
            measure_reads(store, plain)
            counted = partial(_all, plain, _COUNTED)
            compare("footprint", store.footprint, 1, "dbstat and counts", counted)


def _all(database: sqlite3.Connection, query: str, *parameters: str) -> list[tuple[Any, ...]]:
    return database.execute(query, parameters).fetchall()
