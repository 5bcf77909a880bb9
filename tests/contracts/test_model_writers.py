"""Several that write model events into one store at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from tests.contracts.store_model_history import thought
from tests.contracts.store_samples import NOON, PHASE, RUN

from understudy.store import open_store

if TYPE_CHECKING:
    from pathlib import Path

_WRITERS = 4
_EVENTS = 8


@pytest.fixture(params=["file", "server"])
def location(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where a store can be made."""
    if request.param == "file":
        return str(tmp_path / "telemetry.db")
    url: str = request.getfixturevalue("postgres_url")
    return url


def test_writers_side_by_side_lose_nothing_and_count_nothing_twice(location: str) -> None:
    """They meet a new store, new series and the same hour; each writes what another did, too."""
    events = [
        thought(20.0, 10, ts=NOON + number * timedelta(minutes=1), component=f"m{number % 2}")
        for number in range(_WRITERS * _EVENTS)
    ]
    with open_store(location) as store:
        store.write_run(RUN)
        store.write_phases([PHASE])

    def write(writer: int) -> int:
        with open_store(location, timeout=60) as store:
            own = events[writer * _EVENTS : (writer + 1) * _EVENTS]
            return sum(store.write_models([event, events[0]]).written for event in own)

    with ThreadPoolExecutor(_WRITERS) as pool:
        written = sum(pool.map(write, range(_WRITERS)))

    assert written == len(events)
    with open_store(location) as store:
        assert store.models("run") == events
        days = store.model_history.thought_days(
            since=NOON.date(), until=NOON.date() + timedelta(days=1)
        )
        assert [row.sums.count for row in days] == [len(events) / 2] * 2
        assert store.footprint().rows["model_series"] == len(days)
