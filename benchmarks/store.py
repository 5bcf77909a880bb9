"""The store at a million calls of 60 days, beside the plain way to do each thing.

Targets: a write < 1 ms, statistics of 24 hours < 20 ms, of 60 days < 5 ms, footprint < 2 ms.
"""

from __future__ import annotations

import sqlite3
import tempfile
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random
from statistics import median
from typing import TYPE_CHECKING, Final

from sqlite_utils import Database

from understudy.events import CallEvent
from understudy.store import Run, Store, open_store

if TYPE_CHECKING:
    from collections.abc import Callable

CALLS: Final = 1_000_000
BATCH: Final = 10_000
DAYS: Final = 60
START: Final = datetime(2026, 1, 1, tzinfo=UTC)
END: Final = START + timedelta(days=DAYS)
MODELS: Final = tuple(
    (provider, f"{family}-{number}")
    for provider, family in (("openai", "gpt"), ("anthropic", "claude"))
    for number in range(10)
)
CALL: Final = CallEvent(
    event_id="call",
    call_id="call",
    ts=START,
    wire_api="openai_chat",
    host="api.openai.com",
    operation="chat",
    response_id="chatcmpl-" + "x" * 24,
    finish_reason="stop",
    input_tokens=1200,
    output_tokens=200,
    cache_read_tokens=0,
    usage_source="provider",
    usage_raw={"prompt_tokens": 1200, "completion_tokens": 200, "total_tokens": 1400},
    cost_nanousd=5_000_000,
    cost_source="price_table",
    price_table="2026-01-01",
    origin="live",
    http_status=200,
)

_MEANS: Final = """
    SELECT COALESCE(response_model, request_model), COUNT(*), SUM(input_tokens),
        SUM(output_tokens), SUM(cost_nanousd), AVG(ttfc_ms), AVG(duration_ms),
        SUM(duration_ms) / SUM(output_tokens), MIN(duration_ms), MAX(duration_ms)
    FROM telemetry {hint} WHERE event_type = 'llm_call' AND ts >= ? GROUP BY 1
"""


def a_call(number: int, random: Random) -> CallEvent:
    """Make one of the million."""
    provider, model = random.choice(MODELS)
    duration = random.lognormvariate(7, 0.6)
    return CALL.model_copy(
        update={
            "event_id": f"{number:032x}",
            "call_id": f"{number:032x}",
            "ts": START + number * (END - START) / CALLS,
            "run_id": f"{number // BATCH:032x}",
            "provider": provider,
            "request_model": model,
            "response_model": f"{model}-2026-01-01",
            "output_tokens": random.randrange(20, 800),
            "ttfc_ms": duration / 4,
            "duration_ms": duration,
        }
    )


def fill(store: Store) -> float:
    """Write all calls, a run at a time; return the seconds that the store took."""
    random = Random(0)
    spent = 0.0
    for first in range(0, CALLS, BATCH):
        calls = [a_call(number, random) for number in range(first, first + BATCH)]
        start = time.perf_counter()
        store.write_run(Run(run_id=f"{first // BATCH:032x}", started=calls[0].ts))
        store.write_events(calls)
        spent += time.perf_counter() - start
    return spent


def milliseconds(action: Callable[[], object], rounds: int) -> float:
    """Return the median of `rounds` after a warm-up."""
    spent = []
    for _ in range(rounds + 1):
        start = time.perf_counter()
        action()
        spent.append(time.perf_counter() - start)
    return median(spent[1:]) * 1e3


def show(what: str, ours: float, target: float, plain_way: str, theirs: float) -> None:
    """Print one line."""
    print(
        f"  {what}: {ours:.3g} ms (target < {target} ms); "
        f"{plain_way}: {theirs:.3g} ms, ratio {ours / theirs:.2g}"
    )


def measure_writes(store: Store, folder: Path) -> None:
    """Write call by call, beside sqlite-utils with its defaults."""
    random = Random(1)
    calls = iter([a_call(CALLS + number, random) for number in range(201)])
    store.write_run(Run(run_id=f"{CALLS // BATCH:032x}", started=END))
    ours = milliseconds(lambda: store.write_events([next(calls)]), 200)
    rows = iter([a_call(number, random).model_dump(mode="json") for number in range(201)])
    with closing(sqlite3.connect(folder / "plain.db")) as plain:
        table = Database(plain).table("telemetry")
        theirs = milliseconds(lambda: table.insert(next(rows), pk="event_id"), 200)
    show("write one call", ours, 1, "sqlite-utils insert", theirs)


def measure_reads(store: Store, database: sqlite3.Connection) -> None:
    """Ask for statistics, beside the means alone from the calls themselves."""
    # Seventeen minutes past the hour: the worst place for rollups to begin.
    day, all_days = END - timedelta(hours=23, minutes=43), START
    for what, since, target, hint in (
        ("24 h", day, 20, ""),
        ("60 d", all_days, 5, "NOT INDEXED"),
    ):
        plain = partial(_all, database, _MEANS.format(hint=hint), since.isoformat())
        ours = milliseconds(partial(store.statistics_by_model, since=since), 15)
        show(f"statistics of {what}", ours, target, "SQL over the calls", milliseconds(plain, 3))


def measure_footprint(store: Store, database: sqlite3.Connection) -> None:
    """Ask for sizes, beside a count of rows and pages."""
    query = "SELECT SUM(pgsize), (SELECT COUNT(*) FROM telemetry) FROM dbstat"
    plain = partial(_all, database, query)
    show("footprint", milliseconds(store.footprint, 15), 2, "dbstat", milliseconds(plain, 3))


def main() -> None:
    """Fill a store and print a line for each thing that it does."""
    with tempfile.TemporaryDirectory() as name:
        path = Path(name, "telemetry.db")
        with open_store(path) as store, closing(sqlite3.connect(path)) as database:
            spent = fill(store)
            size = store.footprint().size_bytes
            print(
                f"  {CALLS:,} calls: {spent:.0f} s, {spent / CALLS * 1e6:.0f} µs a call, ", end=""
            )
            print(f"{size / 1e6:.0f} MB, {size / CALLS:.0f} bytes a call")
            measure_writes(store, path.parent)
            measure_reads(store, database)
            measure_footprint(store, database)


def _all(database: sqlite3.Connection, query: str, *parameters: str) -> list[tuple[object, ...]]:
    return database.execute(query, parameters).fetchall()
