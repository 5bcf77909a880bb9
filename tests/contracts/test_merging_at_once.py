"""Many merge into one store at a time: nothing is lost and nothing counted twice."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TYPE_CHECKING

import pytest
from tests.unit.store.samples import NOON, call, event_line, line, write_journal

from understudy.clock import RealClock
from understudy.durable import RunJournals, claim_leftovers
from understudy.store import journal_root, merge_journals, open_long_writer, open_store

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
        call(event_id=f"{run_id}-{worker}-{number}", run_id=run_id, worker=worker)
        for number in range(CALLS)
    )
    return [line("run", started=NOON.isoformat()), *map(event_line, calls)]


def test_two_controllers_and_eight_runners_lose_nothing(location: str, tmp_path: Path) -> None:
    """Runs of pytest with workers, programs that merge as they write, and what dead runs left."""
    root = journal_root(location, state_folder=tmp_path)
    together = Barrier(CONTROLLERS + RUNNERS, timeout=PATIENCE)
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

    _all_at_once([*[control] * CONTROLLERS, *[write] * RUNNERS])

    runs = [f"run{n}" for n in range(CONTROLLERS)] + [f"dead{n}" for n in range(DEAD)]
    runs += [f"program{CONTROLLERS + n}" for n in range(RUNNERS)]
    total = CALLS * (CONTROLLERS * WORKERS + RUNNERS + DEAD)
    with open_store(location) as store:
        kept = {run.run_id: len(store.events(run.run_id)) for run in store.runs()}
        (counted,) = store.statistics_by_model(since=NOON)
    assert set(problems) == {None}
    assert sorted(kept) == sorted(runs)
    assert sum(kept.values()) == counted.attempts == total
    assert list(root.iterdir()) == []


def _all_at_once(jobs: list[Callable[[int], None]]) -> None:
    with ThreadPoolExecutor(len(jobs)) as pool:
        for done in [pool.submit(job, number) for number, job in enumerate(jobs)]:
            done.result()
