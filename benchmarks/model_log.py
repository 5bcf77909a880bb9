"""What it costs to log a model event, and to read what a store knows of models.

Targets: a log at most 1 ms at p50; of a store of a million events 24 hours in 50 ms, 60 days in 200
ms, the footprint in 100 ms, each with the opening of the store and the merge of what is new.
`MODEL_EVENTS` in the environment says how many events the store has.
"""

from __future__ import annotations

import asyncio
import os
import tempfile
import time
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from statistics import median, quantiles
from typing import TYPE_CHECKING, Final

from understudy import AsyncTelemetryLogger, TelemetryLogger
from understudy.errors import counted
from understudy.events import new_id
from understudy.events.model import LoadLatency, ThoughtLatency
from understudy.store import Run, open_store

if TYPE_CHECKING:
    from collections.abc import Iterator

    from understudy.events.model import ModelEvent

LOGS: Final = 5_000
READINGS: Final = 20
_BATCH: Final = 20_000
_MODELS: Final = ("gemma2:27b", "llama3.3:70b", "qwen3:8b", "phi4:14b", "mistral-small:24b")


def events(count: int, run_id: str) -> Iterator[ModelEvent]:
    """Yield answers and loads of the last 60 days, in the order of their time."""
    random, now = Random(7), datetime.now(UTC)
    step = timedelta(days=60) / count
    for number in range(count):
        common = {
            "event_id": new_id(),
            "ts": now - step * (count - number),
            "run_id": run_id,
            "component": random.choice(_MODELS),
        }
        if random.random() < 0.1:
            yield LoadLatency(**common, value=random.uniform(1, 9))
        else:
            tokens = random.randint(1, 800)
            yield ThoughtLatency(
                **common,
                value=random.lognormvariate(3, 0.3),
                tokens_generated=tokens,
                prompt_tokens=40,
            )


def fill(path: Path, count: int) -> None:
    """Write a store of so many events."""
    run_id = new_id()
    made = events(count, run_id)
    with open_store(path) as store:
        store.write_run(Run(run_id=run_id, kind="logger", started=datetime.now(UTC)))
        for start in range(0, count, _BATCH):
            store.write_models([next(made) for _ in range(min(_BATCH, count - start))])


class Timed:
    """How many milliseconds calls took, on the wall and of the processor."""

    def __init__(self) -> None:
        self.wall: list[float] = []
        self.cpu: list[float] = []

    @contextmanager
    def one(self) -> Iterator[None]:
        """Time what is inside."""
        wall, cpu = time.perf_counter(), time.thread_time()
        yield
        self.cpu.append((time.thread_time() - cpu) * 1000)
        self.wall.append((time.perf_counter() - wall) * 1000)

    def tell(self, name: str) -> None:
        """Print the middle and the slow end."""
        cuts = quantiles(self.wall, n=100, method="inclusive")
        print(
            f"  {name}: p50 {median(self.wall):.3f}, p95 {cuts[94]:.3f}, p99 {cuts[98]:.3f} ms;"
            f" {median(self.cpu):.3f} ms of CPU"
        )


async def log_on_a_loop(path: Path) -> None:
    """Time the twin for event loops."""
    timed = Timed()
    async with AsyncTelemetryLogger(path) as logger:
        for _ in range(LOGS):
            with timed.one():
                await logger.log_thought_latency("gemma2:27b", 2.5, 120, 41)
    timed.tell("log on a loop")


def log(logger: TelemetryLogger) -> None:
    """Time it."""
    timed = Timed()
    for _ in range(LOGS):
        with timed.one():
            logger.log_thought_latency("gemma2:27b", 2.5, 120, 41)
    timed.tell("log")


def read(logger: TelemetryLogger) -> None:
    """Time readings: with one event to merge, and with none."""
    logger.get_telemetry_footprint()  # merges what there is
    for news in (0, 1):
        for reading in (
            logger.get_aggregated_efficiency,
            logger.get_60day_statistics,
            logger.get_telemetry_footprint,
        ):
            timed = Timed()
            for _ in range(READINGS):
                for _ in range(news):
                    logger.log_load_latency("gemma2:27b", 1.0)
                with timed.one():
                    reading()
            timed.tell(f"{reading.__name__}, {counted(news, 'new event')}")


def main() -> None:
    """Print what each costs."""
    count = int(os.environ.get("MODEL_EVENTS", "1000000"))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "telemetry.db"
        fill(path, count)
        print(f"  of {count:,} events:")
        with TelemetryLogger(path) as logger:
            log(logger)
            read(logger)
        asyncio.run(log_on_a_loop(path))


if __name__ == "__main__":
    main()
