"""What is read of a store of a million calls for `forecast`, `trends` and `alerts`, beside SQL.

Target: together 5 ms. Beside it stands the plain sum of each day over the rows, which a forecast
without sums would need. CPU time is told, since it is what a busy machine leaves alone.
"""

from __future__ import annotations

import sqlite3
import tempfile
import time
from contextlib import closing
from datetime import timedelta
from functools import partial
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Final

from benchmarks.store import CALLS, END, fill
from understudy.analytics.costs import CostSettings, look_at_budgets, trends_of
from understudy.store import open_store

if TYPE_CHECKING:
    from collections.abc import Callable

    from understudy.store import Store

#: Within a quarter of an hour, so that both ends of a trend are read from rows.
NOW: Final = END - timedelta(minutes=38, seconds=7)
ZONES: Final = ("UTC", "Europe/Vienna", "Asia/Kolkata")
_PLAIN: Final = """
    SELECT substr(ts, 1, 10), SUM(cost_nanousd) FROM telemetry
    WHERE event_type = 'llm_call' AND origin IN ('live', 'recorded') AND ts >= ? GROUP BY 1
"""


def milliseconds(action: Callable[[], object], rounds: int = 15) -> float:
    """Return the median of the processor's time of `rounds` after a warm-up."""
    spent = []
    for _ in range(rounds + 1):
        start = time.process_time()
        action()
        spent.append(time.process_time() - start)
    return median(spent[1:]) * 1e3


def budgets(store: Store, zone: str) -> object:
    """Look at both budgets: a forecast, what is spent, the alerts that are known."""
    settings = CostSettings.model_validate({"daily_usd": 90, "monthly_usd": 2500, "zone": zone})
    return look_at_budgets(store.spend_history, store.spend_alerts, settings, now=NOW)


def trends(store: Store) -> object:
    """Compare three windows with those before."""
    history = store.spend_history
    return trends_of(history.totals, now=NOW, since=history.since())


def main() -> None:
    """Fill a store and print a line for each question."""
    with tempfile.TemporaryDirectory() as name:
        path = Path(name, "telemetry.db")
        with open_store(path) as store, closing(sqlite3.connect(path)) as database:
            print(f"  {CALLS:,} calls, written in {fill(store):.0f} s")
            for zone in ZONES:
                took = milliseconds(partial(budgets, store, zone))
                print(f"  forecast and alerts, {zone}: {took:.2f} ms CPU")
            print(f"  trends: {milliseconds(partial(trends, store)):.2f} ms CPU (all: < 5 ms)")
            since = (END - timedelta(days=59)).isoformat()
            plain = milliseconds(lambda: database.execute(_PLAIN, (since,)).fetchall(), 3)
            print(f"  the plain sum of each day over the rows: {plain:.0f} ms CPU")
