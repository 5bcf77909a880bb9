"""What is worth an alert."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from understudy.analytics.alerts import Alert, Level, efficiency_alerts, store_alerts
from understudy.analytics.efficiency import Comparison, ModelState

NOW = datetime(2026, 3, 31, 12, tzinfo=UTC)
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Size:
    """How large a store is."""

    size_bytes: int = 0
    rows: dict[str, int] = field(default_factory=dict)
    oldest_prunable: datetime | None = None


@pytest.mark.parametrize(
    ("size", "subjects"),
    [
        (Size(100_000_000, {"telemetry": 400_000, "model_events": 600_000}), []),
        (Size(100_000_001), ["size"]),
        (Size(0, {"telemetry": 400_000, "model_events": 600_001}), ["rows"]),
    ],
)
def test_a_store_may_reach_its_limits_and_not_pass_them(size: Size, subjects: list[str]) -> None:
    """100 MB on disk, a million rows in all tables together."""
    assert [each.subject for each in store_alerts(size, now=NOW)] == subjects


@pytest.mark.parametrize(("age", "alerts"), [(60, 0), (61, 0), (61.1, 1)])
def test_rows_may_be_a_day_late(age: float, alerts: int) -> None:
    """Then pruning is due and has not run."""
    size = Size(oldest_prunable=NOW - age * DAY)

    found = list(store_alerts(size, now=NOW, retention=60 * DAY))

    assert [each.subject for each in found] == ["pruning"] * alerts
    for each in found:
        assert each.value == pytest.approx(61.1)
        assert (each.limit, each.since) == (60, NOW - 1.1 * DAY)


def test_nothing_is_due_where_rows_are_kept_for_ever() -> None:
    """Nor in an empty store."""
    assert list(store_alerts(Size(oldest_prunable=NOW - 999 * DAY), now=NOW)) == []
    assert list(store_alerts(Size(), now=NOW, retention=DAY)) == []


def fallen(component: str, source: str, ratio: float) -> ModelState:
    """A model that is slower."""
    slow = Comparison(ratio, ratio - 0.1)
    return ModelState(component, source, slow, slow, NOW - DAY)


def test_a_slower_model_is_one_alert() -> None:
    """The source by which it is the slowest counts."""
    states = [fallen("m", "engine", 1.3), fallen("m", "stream", 1.5), fallen("n", "told", 1.25)]

    found = {each.subject: each for each in efficiency_alerts(states)}

    assert found["m"] == Alert(
        kind="efficiency", subject="m", level="warning", value=50.0, limit=20.0, since=NOW - DAY
    )
    assert found["n"].value == 25.0


def test_a_model_that_is_not_slower_is_none() -> None:
    """Nor one of which too little is known."""
    states = [ModelState("m", "engine", Comparison(1.1, 1.0))]
    states.append(ModelState("n", "engine", Comparison(lacking="0 requests")))

    assert list(efficiency_alerts(states)) == []


def test_a_note_does_not_press() -> None:
    """Only what is more than that fails a check."""
    levels: tuple[Level, ...] = ("info", "warning", "critical")
    alerts = [Alert(kind="cost", subject="day", level=each, value=1, limit=0) for each in levels]

    assert [each.is_pressing for each in alerts] == [False, True, True]
