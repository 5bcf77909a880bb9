"""Many look at the budgets of one store at a time: hooks are told of each alert once."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TYPE_CHECKING, Any

import pluggy
import pytest
from tests.contracts.store_samples import NOON, PHASE, RUN, call

from understudy.analytics.costs import CostSettings
from understudy.hookspecs import PROJECT, OwnHooks, hookimpl
from understudy.spend_watch import SpendWatch
from understudy.store import open_store

if TYPE_CHECKING:
    from pathlib import Path

    from understudy.stats import CostAlert

LOOKERS = 6


@pytest.fixture(params=["sqlite", "postgres"])
def location(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where the store is: $9 were spent in it at noon."""
    place = str(tmp_path / "telemetry.db")
    if request.param == "postgres":
        place = request.getfixturevalue("postgres_url")
    with open_store(place) as store:
        store.write_run(RUN)
        store.write_phases([PHASE])
        store.write_events([call(ts=NOON, cost_nanousd=9 * 10**9, origin="live")])
    return place


class Told:
    """A plugin that is told, and one that fails before it."""

    def __init__(self) -> None:
        self.alerts: list[CostAlert] = []

    @hookimpl
    def cost_alert_raised(self, alert: CostAlert) -> None:
        """Note it."""
        self.alerts.append(alert)


class Failing:
    """A plugin that takes no argument, and raises."""

    @hookimpl
    def cost_alert_raised(self) -> None:
        """Raise."""
        raise OSError


def test_of_many_who_look_at_once_one_tells(location: str) -> None:
    """Whoever is first; a hook that fails keeps nobody from being told."""
    told, faults = Told(), list[Any]()
    hooks = pluggy.PluginManager(PROJECT)
    hooks.add_hookspecs(OwnHooks)
    hooks.register(told)
    hooks.register(Failing())
    settings = CostSettings.model_validate({"daily_usd": 10, "monthly_usd": 10})
    watch = SpendWatch(settings, location, hooks, lambda *fault: faults.append(fault))
    start = Barrier(LOOKERS)

    def look(_: int) -> None:
        start.wait()
        watch.look(now=NOON)

    with ThreadPoolExecutor(LOOKERS) as pool:
        list(pool.map(look, range(LOOKERS)))

    counts = Counter((alert.period, alert.threshold) for alert in told.alerts)
    assert counts == Counter(
        [("daily", 75), ("daily", 90), ("monthly", 50), ("monthly", 75), ("monthly", 90)]
    )
    assert len(faults) == len(counts)
    assert watch.look(now=NOON)[0].raised == ()
