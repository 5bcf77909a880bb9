"""Many merge into one store at a time: nothing is lost and nothing counted twice."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import chain
from threading import Barrier, Event
from typing import TYPE_CHECKING

import pytest
from tests.contracts.store_prune import archived, prune
from tests.unit.store.samples import NOON, call, event_line, line, write_journal

from understudy.clock import RealClock
from understudy.durable import RunJournals, claim_leftovers
from understudy.reports.export import export_format
from understudy.store import journal_root, merge_journals, open_long_writer, open_store
from understudy.store.retention import Archive, ArchiveFile, PruneOrder, _steps

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

CALLS = 25
CONTROLLERS, RUNNERS, DEAD = 2, 8, 5
WORKERS = 3
PATIENCE = 120.0


@pytest.fixture(params=["sqlite", "postgres"])
def location(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where the store is to be."""
    if request.param == "sqlite":
        return str(tmp_path / "telemetry.db")
    url: str = request.getfixturevalue("postgres_url")
    return url


def lines_of(run_id: str, worker: str) -> list[bytes]:
    """Return the calls of a worker."""
    calls = (
        call(
            event_id=f"{run_id}-{worker}-{number}",
            run_id=run_id,
            worker=worker,
            ts=NOON - timedelta(hours=number % 2),
        )
        for number in range(CALLS)
    )
    return [line("run", started=NOON.isoformat()), *map(event_line, calls)]


def test_two_controllers_eight_runners_and_a_prune_lose_nothing(
    location: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Runs of pytest with workers, programs that merge as they write, and what dead runs left.

    Each call stands in the store, in a file of those that were pruned, or came late; the sums have
    them all, once.
    """
    monkeypatch.setattr(_steps, "CHUNK", 7)
    root, archive = journal_root(location, state_folder=tmp_path), tmp_path / "archive"
    together = Barrier(CONTROLLERS + RUNNERS + 1, timeout=PATIENCE)
    some_are_in = Event()
    problems: list[object] = []
    for number in range(DEAD):
        write_journal(root, *lines_of(f"dead{number}", "main"), run_id=f"dead{number}")

    def control(number: int) -> None:
        held = RunJournals.begin(root, f"run{number}")
        for worker in range(WORKERS):
            name, run_id = f"gw{worker}", held.run_id
            write_journal(root, *lines_of(run_id, name), run_id=run_id, worker=name)
        together.wait()
        claims = [held, *claim_leftovers(root)]
        problems.append(merge_journals(location, claims, timeout=PATIENCE).failure)
        some_are_in.set()

    def write(number: int) -> None:
        writer = open_long_writer(
            location,
            kind="logger",
            clock=RealClock(),
            state_folder=tmp_path,
            note=lambda *note: problems.append(note),
            run_id=f"program{number}",
            lines=10,
        )
        together.wait()
        for each in lines_of(writer.run_id, "main")[1:]:
            writer.append(each)
        writer.close()
        some_are_in.set()

    def clear(_number: int) -> None:
        order = PruneOrder(
            NOON - timedelta(minutes=30), archive=Archive(archive, export_format("ndjson"))
        )
        together.wait()
        some_are_in.wait(PATIENCE)
        while len(problems) < CONTROLLERS:
            with open_store(location, timeout=PATIENCE) as store:
                prune(store, order)

    _all_at_once([*[control] * CONTROLLERS, *[write] * RUNNERS, clear])

    runs = [f"run{n}" for n in range(CONTROLLERS)] + [f"dead{n}" for n in range(DEAD)]
    runs += [f"program{CONTROLLERS + n}" for n in range(RUNNERS)]
    total = CALLS * (CONTROLLERS * WORKERS + RUNNERS + DEAD)
    with open_store(location) as store:
        kept = {
            run.run_id: [each.event_id for each in store.events(run.run_id)] for run in store.runs()
        }
        late = [key for (key,) in store._connection.execute("SELECT event_id FROM late_events")]
        (counted,) = store.statistics_by_model(since=NOON - timedelta(hours=2))
    assert set(problems) == {None}
    assert sorted(kept) == sorted(runs)
    files = [ArchiveFile(path, "telemetry", 0) for path in archive.glob("*")]
    found = [*chain.from_iterable(kept.values()), *late, *(key[0] for _, key in archived(files))]
    assert len(set(found)) == len(found) == counted.attempts == total
    assert files
    assert list(root.iterdir()) == []


def _all_at_once(jobs: list[Callable[[int], None]]) -> None:
    with ThreadPoolExecutor(len(jobs)) as pool:
        for done in [pool.submit(job, number) for number, job in enumerate(jobs)]:
            done.result()
