"""A store with answers and loads of models."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from understudy.clock import utc_now
from understudy.events import new_id
from understudy.events.model import LoadLatency, ThoughtLatency
from understudy.store import Run, open_store

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from understudy.events.model import ModelEvent

HOUR = timedelta(hours=1)
DAY = 24 * HOUR
NOW = utc_now()


def answer(
    component: str, each_ms: float, *, age: timedelta = HOUR, tokens: int = 100, run: str = "run"
) -> ThoughtLatency:
    """Make an answer of an engine."""
    return ThoughtLatency(
        event_id=new_id(),
        ts=NOW - age,
        run_id=run,
        component=component,
        source="engine",
        value=each_ms,
        tokens_generated=tokens,
    )


def load(component: str, seconds: float, *, age: timedelta = HOUR) -> LoadLatency:
    """Make a load that an engine tells."""
    return LoadLatency(
        event_id=new_id(),
        ts=NOW - age,
        run_id="run",
        component=component,
        source="engine",
        value=seconds,
    )


def fallen(component: str, factor: float) -> list[ThoughtLatency]:
    """Make a month of a model that is slower by a factor since a few hours ago."""
    before = [
        answer(component, 20.0 + number % 5, age=day * DAY + HOUR)
        for day in range(2, 28)
        for number in range(5)
    ]
    return before + [answer(component, factor * (20.0 + number % 5)) for number in range(20)]


def write_store(path: Path, events: Iterable[ModelEvent], *, started: datetime = NOW) -> Path:
    """Store events of one run."""
    with open_store(path) as store:
        store.write_run(Run(run_id="run", started=started))
        store.write_models(events)
    return path
