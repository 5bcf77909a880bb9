"""A prune while others write and prune."""

from __future__ import annotations

import threading
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from tests.contracts.store_prune import archived, prune
from tests.contracts.store_samples import HOUR, NOON, call

from understudy.reports.export import export_format
from understudy.store import Run, open_store
from understudy.store._connection import PruneIsRunningError
from understudy.store.retention import Archive, ArchiveFile, PruneOrder, _prune, _steps

if TYPE_CHECKING:
    from pathlib import Path

    from understudy.events import CallEvent

_WRITERS = 3
_BATCHES = 6
_BATCH = 20


@pytest.fixture(params=["file", "server"])
def location(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where a store is to be."""
    if request.param == "file":
        return str(tmp_path / "telemetry.db")
    url: str = request.getfixturevalue("postgres_url")
    return url


def calls_of(writer: int, batch: int) -> list[CallEvent]:
    """Make calls, old and recent ones."""
    run_id = f"run {writer}"
    moments = [NOON + HOUR * (number % 2) for number in range(_BATCH)]
    return [
        call(
            event_id=f"{writer:010x}{batch:010x}{number:012x}", run_id=run_id, phase_id=None, ts=ts
        )
        for number, ts in enumerate(moments)
    ]


def write(location: str, writer: int, start: threading.Barrier) -> None:
    """Write as a controller that merges, one batch after the other."""
    start.wait()
    for batch in range(_BATCHES):
        with open_store(location, timeout=60) as store, store.transaction():
            store.write_run(Run(run_id=f"run {writer}", started=NOON))
            store.write_events(calls_of(writer, batch))


def prune_often(location: str, folder: Path, start: threading.Barrier) -> None:
    """Prune again and again."""
    start.wait()
    for _ in range(_BATCHES):
        with open_store(location, timeout=60) as store:
            order = PruneOrder(
                NOON + timedelta(minutes=30), archive=Archive(folder, export_format("ndjson"))
            )
            with suppress(PruneIsRunningError):
                prune(store, order)


def test_nothing_is_lost_between_writers_and_prunes(
    location: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each call stands in a file, in the store, or came late; the sums have them all, once."""
    monkeypatch.setattr(_steps, "CHUNK", 7)
    monkeypatch.setattr(_prune, "_FILE", 25)
    folder = tmp_path / "archive"
    folder.mkdir()
    with open_store(location) as store:
        for writer in range(_WRITERS):
            store.write_run(Run(run_id=f"run {writer}", started=NOON))
            store.write_events(calls_of(writer, _BATCHES))  # so that there is something to prune
    start = threading.Barrier(_WRITERS + 2)
    threads = [
        *(
            threading.Thread(target=write, args=(location, writer, start))
            for writer in range(_WRITERS)
        ),
        *(threading.Thread(target=prune_often, args=(location, folder, start)) for _ in range(2)),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    files = [ArchiveFile(path, "telemetry", 0) for path in folder.glob("telemetry-*")]
    with open_store(location) as store:
        gone = [key[0] for _, key in archived(files)]
        kept = [each.event_id for run in store.runs() for each in store.events(run.run_id)]
        late = store._connection.execute("SELECT event_id FROM late_events")
        found = [*gone, *kept, *(event_id for (event_id,) in late)]
        written = [
            each.event_id
            for writer in range(_WRITERS)
            for batch in range(_BATCHES + 1)
            for each in calls_of(writer, batch)
        ]
        assert sorted(found) == sorted(written)
        (sums,) = store.statistics_by_model(since=NOON)
        assert sums.attempts == len(written)
        assert len(gone) >= _WRITERS * _BATCH // 2
