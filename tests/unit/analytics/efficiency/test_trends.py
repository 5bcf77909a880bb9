"""Days of a model, and what changed over them."""

from __future__ import annotations

import pytest
from tests.unit.analytics.efficiency.histories import DAY, NOON, Answer, History, summed

from understudy.analytics.efficiency import ModelTrend, trends_of


def trend_of(history: History) -> tuple[ModelTrend, ...]:
    """Return the trends of all that a history holds."""
    since, until = (NOON - 99 * DAY).date(), (NOON + 99 * DAY).date()
    return trends_of(
        history.thought_days(since=since, until=until),
        history.load_days(since=since, until=until),
        history.recent_loads(),
    )


def test_each_day_has_its_own_figures() -> None:
    """And over all days the figure is weighted by tokens."""
    answers = [Answer(100, 10.0, NOON - DAY), Answer(300, 20.0, NOON), Answer(100, 40.0, NOON)]

    [trend] = trends_of(summed(answers, by_day=True))

    assert [day.ms_per_token for day in trend.days] == [10.0, 25.0]
    assert [day.answers.count for day in trend.days] == [1, 2]
    assert trend.figures.ms_per_token == 22.0


def test_loads_stand_beside_the_answers() -> None:
    """A failed load is counted, and a day with loads alone is a day."""
    loads = [(NOON - DAY, 4.0), (NOON, 5.0), (NOON, 7.0), (NOON, None)]
    history = History([Answer(100, 10.0)], loads)

    [trend] = trend_of(history)

    assert [(day.load_seconds, day.loads.failures) for day in trend.days] == [(4.0, 0), (6.0, 1)]
    assert [day.ms_per_token for day in trend.days] == [None, 10.0]
    assert trend.figures.load_seconds == 5.0


def test_a_change_is_from_the_first_day_to_the_last() -> None:
    """Of a line through the days, for answers and for loads."""
    days = [NOON + number * DAY for number in range(11)]
    answers = [Answer(100, 10 * 1.05**number, day) for number, day in enumerate(days)]
    history = History(answers, [(day, 4 * 0.9**number) for number, day in enumerate(days)])

    [trend] = trend_of(history)

    assert trend.change_percent == pytest.approx(100 * (1.05**10 - 1))
    assert trend.load_change_percent == pytest.approx(100 * (0.9**10 - 1))


def test_other_lengths_are_no_change() -> None:
    """Short answers cost more by the token, always did, and one day there were more of them."""
    answers = [
        answer
        for number in range(6)
        for day in [NOON + number * DAY]
        for answer in [Answer(10, 40.0, day)] * (1 + 5 * number) + [Answer(600, 20.0, day)]
    ]

    [trend] = trends_of(summed(answers, by_day=True))

    assert trend.change_percent == pytest.approx(0, abs=1e-9)


def test_two_days_are_no_trend() -> None:
    """A line goes through any two."""
    answers = [Answer(100, 10.0, NOON - DAY), Answer(100, 99.0, NOON)]

    [trend] = trends_of(summed(answers, by_day=True))

    assert trend.change_percent is None
    assert trend.load_change_percent is None


def test_loads_of_another_source_stand_beside_answers_that_have_none() -> None:
    """A client that measures answers is told of loads by the application."""
    answers = [Answer(100, 10.0, source="stream")]

    [trend] = trend_of(History(answers, [(NOON, 5.0)]))

    assert (trend.figures.source, trend.days[0].load_seconds) == ("stream", 5.0)
