"""What figures for Prometheus and snapshots of costs take.

Targets: all updates of a request at most 10 µs; a scrape of 1,000 series at most 20 ms; at most
10 KB and about 100 bytes a series; a snapshot at most 10 µs and 100 bytes, 1,440 of them.
"""

from __future__ import annotations

import time
import tracemalloc
from contextlib import nullcontext
from statistics import median
from typing import TYPE_CHECKING, Any, Final
from uuid import uuid4

from prometheus_client import CollectorRegistry, Counter, generate_latest

from benchmarks._timing import medians, paired
from benchmarks.routing import body, router
from understudy.analytics.costs import MemoryHistory, Snapshots, SnapshotTotals, trends_of
from understudy.clock import utc_now
from understudy.prometheus import Exposition, Request, RequestFigures
from understudy.routing import PrometheusMetrics
from understudy.stats import RunningTotals

if TYPE_CHECKING:
    from collections.abc import Callable

ROUNDS: Final = 21
CALLS: Final = 2_000
_OPENMETRICS: Final = "application/openmetrics-text; version=1.0.0"


def updates() -> None:
    """Time what a request adds, from the router's callbacks on, beside held counters."""
    metrics, answer = PrometheusMetrics(CollectorRegistry()), router().complete(body(800))
    second = PrometheusMetrics(CollectorRegistry(), genai=True)
    held = Counter("held", "A counter whose child is held.", ["name"]).labels("x")

    def five() -> None:
        for _ in range(5):
            held.inc()

    spent = paired(
        {
            "first set": (nullcontext, _told(metrics, answer)),
            "both sets": (nullcontext, _told(second, answer)),
            "five held counters": (nullcontext, five),
        },
        rounds=ROUNDS,
        calls=CALLS,
    )
    for name, each in spent.items():
        print(f"a request, {name}: {medians(each).cpu * 1e6:.1f} µs CPU", flush=True)


def _told(metrics: PrometheusMetrics, answer: Any) -> Callable[[], None]:
    told = metrics.callbacks

    def tell() -> None:
        assert told.on_attempt is not None
        assert told.on_answer is not None
        told.on_attempt(answer.attempts[0])
        told.on_answer(answer)

    return tell


def _requests(number: int) -> list[Request]:
    """Return requests of 20 models and 20 agents that make so many series, about."""
    return [
        Request(
            provider=f"provider-{n % 5}",
            model=f"model-{n % 20}",
            agent_id=f"agent-{n % 37}",
            cache_status="miss",
            is_paid=True,
            duration_s=n % 50 / 3,
            input_tokens=1000,
            output_tokens=500,
            cost_nanousd=7_500_000,
        )
        for n in range(number)
    ]


def scrape() -> None:
    """Time a page of 1,000 series, and what it takes to keep them."""
    requests = _requests(740)
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    registry, figures = CollectorRegistry(), RequestFigures()
    registry.register(figures)
    for request in requests * 3:
        figures.count(request)
    taken = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    series = sum(len(family.samples) for family in registry.collect())
    print(f"{series:,} series: {taken / series:.0f} bytes each, all told")
    theirs = CollectorRegistry()
    counter = Counter("llm_requests", "The same number of counters.", ["model"], registry=theirs)
    for number in range(series):
        counter.labels(f"model-{number}").inc()
    exposition = Exposition(registry, now=time.monotonic, keep_seconds=0)
    kept = Exposition(registry, now=time.monotonic, keep_seconds=1e9)
    spent = paired(
        {
            "classic": (nullcontext, exposition.render),
            "OpenMetrics": (nullcontext, lambda: exposition.render(_OPENMETRICS)),
            "kept for a second": (nullcontext, kept.render),
            "as many counters of prometheus-client": (nullcontext, lambda: generate_latest(theirs)),
        },
        rounds=ROUNDS,
        calls=5,
    )
    for name, each in spent.items():
        told = medians(each)
        print(f"a scrape, {name}: {told.cpu * 1e3:.2f} ms CPU, {told.wall * 1e3:.2f} wall")


def snapshots() -> None:
    """Time a snapshot, and trends of a whole day of them."""
    totals = RunningTotals(7_500_000, 100, 1000, 500_000, 250_000, 3)
    now_ms = int(time.time() * 1000) - 1440 * 60_000
    taken = Snapshots(MemoryHistory(), epoch=uuid4().hex)
    moments = iter(range(now_ms, now_ms + 10**12, 60_000))
    spent = medians(
        paired(
            {"tick": (nullcontext, lambda: taken.tick(next(moments), lambda: totals))},
            rounds=ROUNDS,
            calls=CALLS,
        )["tick"]
    )
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    history = MemoryHistory()
    day = Snapshots(history, epoch=uuid4().hex)
    for minute in range(1440):
        day.take(now_ms + minute * 60_000, totals)
    size = (tracemalloc.get_traced_memory()[0] - before) / 1440
    tracemalloc.stop()
    print(f"a snapshot: {spent.cpu * 1e6:.1f} µs CPU, {size:.0f} bytes of 1,440")
    times = []
    for _ in range(ROUNDS):
        begin = time.process_time()
        told = SnapshotTotals(history.since(0))
        trends_of(told.totals, now=utc_now(), since=told.since())
        times.append(time.process_time() - begin)
    print(f"trends of a day of snapshots, read and added up: {median(times) * 1e3:.1f} ms CPU")


def main() -> None:
    """Print all of it."""
    updates()
    scrape()
    snapshots()
