"""A store of the version before compact model events, in each database."""

from __future__ import annotations

import json
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from random import Random
from typing import TYPE_CHECKING, Any

import pytest
from tests.contracts.store_samples import NOON, PHASE, RUN

from understudy.events import new_id
from understudy.store import open_store
from understudy.store._migrations import MIGRATIONS
from understudy.store._postgres import _open as postgres_open
from understudy.store._rows import timestamp, timestamp_text
from understudy.store._sqlite import _migrate as sqlite_migrate
from understudy.store._sqlite import _open as sqlite_open

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from understudy.store import Store

_BEFORE = 6
_ROWS = 7_200
_COLUMNS = (
    "event_id", "event_type", "ts", "run_id", "phase_id", "worker", "rerun", "component", "value",
    "tokens", "status", "success", "metadata",
)  # fmt: skip
_READ = f"SELECT {', '.join(_COLUMNS)} FROM model_events ORDER BY ts, event_id"
_WRITE = (
    f"INSERT INTO model_events ({', '.join(_COLUMNS)}) VALUES ({', '.join('?' * len(_COLUMNS))})"
)


@pytest.fixture(params=["file", "server"])
def location(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where a store can be made."""
    if request.param == "file":
        return str(tmp_path / "telemetry.db")
    url: str = request.getfixturevalue("postgres_url")
    return url


@contextmanager
def store_of_before(location: str) -> Iterator[Store]:
    """Make a store of the version before, with a run and a test in it."""
    with pytest.MonkeyPatch.context() as patch:
        for module in (sqlite_migrate, sqlite_open, postgres_open):
            patch.setattr(module, "CURRENT_VERSION", _BEFORE)
        for module in (sqlite_migrate, postgres_open):
            patch.setattr(module, "MIGRATIONS", MIGRATIONS[:_BEFORE])
        with open_store(location) as store:
            store.write_run(RUN)
            store.write_phases([PHASE])
            yield store


def row(event_type: str, value: float, metadata: Any = None, **fields: Any) -> tuple[Any, ...]:
    """Return a row as an application may have written it."""
    known: dict[str, Any] = {
        "event_id": new_id(),
        "event_type": event_type,
        "ts": timestamp_text(NOON),
        "run_id": "run",
        "phase_id": PHASE.phase_id,
        "worker": "main",
        "rerun": 0,
        "component": "gemma2:27b",
        "value": value,
        "metadata": None if metadata is None else json.dumps(metadata),
    }
    return tuple((known | fields).get(column) for column in _COLUMNS)


def thought(random: Random, number: int) -> tuple[Any, ...]:
    """Return one of many."""
    tokens, prompt, value = random.randrange(1, 800), random.randrange(9000), random.uniform(5, 90)
    metadata = {
        "model": (component := f"model-{random.randrange(8)}"),
        "inference_time_ms": value * tokens,
        "tokens_generated": tokens,
        "prompt_tokens": prompt,
        "total_tokens": tokens + prompt,
        "latency_per_token_ms": value,
    }
    at = timestamp_text(NOON + number * timedelta(minutes=7, microseconds=1))
    phase_id = (PHASE.phase_id, None)[number % 2]
    fields = {"ts": at, "component": component, "tokens": tokens, "phase_id": phase_id}
    return row("THOUGHT_LATENCY", value, metadata, **fields)


def read(store: Store) -> list[dict[str, Any]]:
    """Return the documented columns, in the types of Python."""
    found = []
    for values in store._connection.execute(_READ):
        known = dict(zip(_COLUMNS, values, strict=True))
        metadata = known["metadata"]
        known["metadata"] = json.loads(metadata) if isinstance(metadata, str) else metadata
        known["ts"] = timestamp(known["ts"])
        found.append(known)
    return found


def _figures(metadata: dict[str, Any]) -> dict[str, float]:
    """Return what can be near; that the rest is the same is told by its hash."""
    return {
        name: value if isinstance(value, (int, float)) else hash(value)
        for name, value in metadata.items()
    }


def test_a_store_of_the_version_before_gives_the_same_answers(location: str) -> None:
    """Under the documented names, metadata included."""
    random = Random(0)
    rows = [
        *(thought(random, number) for number in range(_ROWS)),
        row("LOAD_LATENCY", 6.25, {"model": "gemma2:27b", "load_time_ms": 6250.0}, success=True),
        row("LOAD_LATENCY", 1.0, {"model": "gemma2:27b", "load_time_ms": 1000.0}, success=False),
        row("VRAM_CHECK", 4.0, {"used": 4.0, "total": 8.0, "percentage": 50.0, "name": "ü"}),
        row("VRAM_LOCKOUT", 0.0, {"trigger_threshold": 4.0, "free_vram": 2.5}, status="locked"),
    ]
    with store_of_before(location) as store:
        store._connection.execute_many(_WRITE, rows)
        before = read(store)

    with open_store(location) as store:
        after = read(store)
        counted = store.footprint().rows

    assert len(after) == len(rows) == counted["model_events"]
    for old, new in zip(before, after, strict=True):
        assert _figures(new.pop("metadata")) == pytest.approx(_figures(old.pop("metadata")))
        assert new == old


def test_a_file_of_the_version_before_gets_smaller(tmp_path: Path) -> None:
    """The room of the old rows goes back to the disk."""
    random = Random(0)
    with store_of_before(str(tmp_path / "telemetry.db")) as store:
        rows = [thought(random, number) for number in range(1000)]
        store._connection.execute_many(_WRITE, rows)
        before = store._connection.size_bytes()

    with open_store(tmp_path / "telemetry.db") as store:
        assert store._connection.execute("PRAGMA freelist_count") == [(0,)]
        assert store.footprint().size_bytes < 0.7 * before


def test_what_an_application_wrote_in_its_own_way_is_kept_as_well(location: str) -> None:
    """Ids of its own become ours; what is no scalar becomes text; a negative time is none."""
    odd = {"nested": {"a": [1]}, "prompt_tokens": 7, "name": "x"}
    with store_of_before(location) as store:
        store._connection.execute_many(
            _WRITE,
            [
                row("THOUGHT_LATENCY", 2.0, odd, event_id="mine", tokens=0),
                row("LOAD_LATENCY", -1.0, event_id="impossible"),
                row("LOAD_LATENCY", 1.0, [1], event_id="listed"),
            ],
        )

    with open_store(location) as store:
        events = store.models("run")

    thought, load = sorted(events, key=lambda event: event.event_type, reverse=True)
    assert thought.details == {"nested": '{"a": [1]}', "name": "x"}
    assert (thought.metadata["prompt_tokens"], thought.metadata["tokens_generated"]) == (7, None)
    assert (load.value, load.details) == (1.0, {})
    assert load.ts == datetime(2026, 3, 14, 12, tzinfo=UTC)
