"""An alert lasts until its cause has gone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from tests.unit.analytics.efficiency.histories import DAY, NOON, Answer, History

from understudy.analytics.efficiency import ModelState, watch


def history(*factors: float | None) -> History:
    """A model that was as fast as ever for 40 days, then by these factors slower, today last.

    None is a day without a request. Each day has 25, in one run.
    """
    days = [1.0] * 40 + list(factors)
    return History(
        [
            Answer(100, factor * (20 + number % 5), ts=NOON - age * DAY - timedelta(hours=1))
            for age, factor in enumerate(reversed(days))
            if factor is not None
            for number in range(25)
        ]
    )


def state(*factors: float | None) -> ModelState:
    """Return how that model looks now."""
    [found] = watch(history(*factors), now=NOON)
    return found


def midnight(age: int) -> datetime:
    """Return when the day of that age began."""
    return datetime(2026, 3, 31, tzinfo=UTC) - age * DAY


def test_a_model_as_fast_as_ever_is_not_fallen() -> None:
    """Nothing is said of it."""
    found = state(1.0)

    assert (found.fallen, found.since) == (None, None)
    assert found.comparison.ratio == pytest.approx(1)


def test_a_model_that_fell_today_has_fallen_for_a_day() -> None:
    """As the last 24 hours tell it."""
    found = state(1.5)

    assert found.fallen == found.comparison
    assert found.since == NOON - DAY


@pytest.mark.parametrize(
    ("factors", "since"),
    [
        ((1.5, 1.5, 1.5), midnight(2)),
        ((1.5, 1.15), midnight(1)),
        ((1.5, None, None), midnight(2)),
        ((1.5, 1.0, 1.5), NOON - DAY),
        ((1.5, 1.0, 1.15), None),
        ((1.5, 1.05), None),
        ((1.15, 1.15), None),
    ],
)
def test_it_lasts_until_a_day_less_than_a_tenth_slower(
    factors: tuple[float | None, ...], since: datetime | None
) -> None:
    """Neither days in between nor days of silence clear it, nor do they begin it."""
    found = state(*factors)

    assert found.since == since
    assert (found.fallen is None) is (since is None)


def test_what_is_slow_for_long_is_what_is_usual() -> None:
    """After a month the days before are as slow."""
    assert state(*[1.5] * 40).fallen is None


def test_the_days_before_leave_out_yesterday_and_today() -> None:
    """A fall of two days is not hidden by its own first day."""
    found = state(1.3, 1.3)

    assert found.comparison.ratio == pytest.approx(1.3)


@pytest.mark.parametrize(("factor", "oldest"), [(1.0, 29), (1.5, 58)])
def test_history_is_read_as_far_back_as_it_decides(factor: float, oldest: int) -> None:
    """A month of days for a model that is as fast as ever; two for one that is not."""
    found = history(factor)

    watch(found, now=NOON)

    assert (NOON - DAY, NOON) in found.asked
    assert min(since for since, _ in found.asked) == midnight(oldest)


def test_one_model_may_be_asked_for() -> None:
    """Of another nothing is said."""
    assert watch(history(1.0), now=NOON, component="qwen") == ()
