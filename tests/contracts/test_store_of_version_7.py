"""A store of the version before sums of what was paid for, in each database."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from tests.contracts.store_samples import PHASE, RUN
from tests.contracts.store_spend import is_paid, month_of_calls

from understudy.store import _rollups, open_store
from understudy.store._migrations import MIGRATIONS
from understudy.store._postgres import _open as postgres_open
from understudy.store._sqlite import _migrate as sqlite_migrate
from understudy.store._sqlite import _open as sqlite_open

if TYPE_CHECKING:
    from pathlib import Path

    from understudy.events import CallEvent

_BEFORE = 7
KOLKATA = ZoneInfo("Asia/Kolkata")  # its days begin within an hour
EVENTS = [
    each.model_copy(update={"run_id": "run" if number % 3 else "gone"})
    for number, each in enumerate(filter(is_paid, month_of_calls()))
]
LATER = min(event.ts for event in EVENTS) + timedelta(days=5)


@pytest.fixture(params=["file", "server"])
def location(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where a store of the version before is, with calls of two runs, one of them deleted."""
    in_a_file = request.param == "file"
    place: str = (
        str(tmp_path / "telemetry.db") if in_a_file else request.getfixturevalue("postgres_url")
    )
    with pytest.MonkeyPatch.context() as patch:
        for module in (sqlite_migrate, sqlite_open, postgres_open):
            patch.setattr(module, "CURRENT_VERSION", _BEFORE)
        for module in (sqlite_migrate, postgres_open):
            patch.setattr(module, "MIGRATIONS", MIGRATIONS[:_BEFORE])
        patch.setattr(_rollups, "SPENT", SimpleNamespace(add=lambda *_: None))
        with open_store(place) as store:
            for run_id in ("run", "gone"):
                store.write_run(RUN.model_copy(update={"run_id": run_id}))
                store.write_phases([PHASE.model_copy(update={"run_id": run_id})])
            store.write_events(EVENTS)
            store.delete_run("gone")
            store._connection.execute(
                "DELETE FROM rollups_hourly WHERE hour < ?", (f"{LATER:%Y-%m-%d}",)
            )
    return place


def cost_of(events: list[CallEvent]) -> int:
    return sum(event.cost_nanousd or 0 for event in events)


def test_what_was_paid_for_is_brought_over(location: str) -> None:
    """Exact where rows are; what only sums know of is in its hour, or in its day."""
    with open_store(location) as store:
        history = store.spend_history
        everything = history.totals(RUN.started - timedelta(days=60), RUN.started + 60 * DAY)
        month = history.spending(KOLKATA, first=date(2026, 2, 1), last=date(2026, 4, 30))
        hour = LATER.replace(minute=0, second=0, microsecond=0) + 2 * DAY
        inside = [each for each in EVENTS if hour <= each.ts < hour + 5 * DAY]
        of_hours = history.totals(hour, hour + 5 * DAY)

    assert (everything.spend, everything.requests) == (cost_of(EVENTS), len(EVENTS))
    assert everything.unpriced == sum(event.cost_nanousd is None for event in EVENTS)
    assert everything.tokens == 12 * len(EVENTS)
    assert sum(month.by_day.values()) == cost_of(EVENTS)
    assert (of_hours.spend, of_hours.requests) == (cost_of(inside), len(inside))


DAY = timedelta(days=1)
