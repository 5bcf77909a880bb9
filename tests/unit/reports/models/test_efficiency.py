"""Tables of models."""

from __future__ import annotations

import pytest
from tests.unit.analytics.efficiency.histories import DAY, NOON, Answer, History, summed

from understudy.analytics.efficiency import efficiency_of, trends_as_json, trends_of
from understudy.reports.models import (
    efficiency_as_json,
    efficiency_lines,
    trend_day_lines,
    trends_lines,
)
from understudy.stats import RecentLoads

SLOW = [Answer(20, 45.0), Answer(100, 37.0)] * 10
FAST = [Answer(100, 15.0, component="qwen")] * 10
MODELS = efficiency_of(summed(SLOW + FAST), [RecentLoads("qwen", "engine", (6.0,))])


def test_a_row_for_each_model_the_best_first() -> None:
    """With its figures by length, its line and its load."""
    titles, qwen, gemma, crossover = efficiency_lines(MODELS, 120)

    assert titles.split()[:6] == ["model", "source", "ms/token", "tokens", "answers", "1-31"]
    assert qwen.split() == [
        "qwen",
        "engine",
        "15.0",
        "1,000",
        "10",
        "-",
        "15.0",
        "-",
        "-",
        "-",
        "6.00",
        "s",
    ]
    assert "200 ms + 35.0" in gemma
    assert gemma.split()[5:7] == ["45.0", "37.0"]
    assert crossover.startswith("loading qwen beats gemma, where that is loaded, from ")


def test_a_narrow_terminal_keeps_model_speed_and_load() -> None:
    """What matters least goes first."""
    titles, *_ = efficiency_lines(MODELS, 50)

    assert [word for word in titles.split() if word in {"model", "ms/token", "load"}] == [
        "model",
        "ms/token",
        "load",
    ]
    assert "fixed" not in titles


def test_json_has_the_documented_keys() -> None:
    """Weighted by tokens, with what is unknown as null."""
    found = efficiency_as_json(MODELS)

    qwen, gemma = found["models"]
    assert (qwen["component"], qwen["source"]) == ("qwen", "engine")
    assert (qwen["weighted_ms_per_token"], qwen["tokens"], qwen["samples"]) == (15.0, 1000, 10)
    assert (qwen["intercept_ms"], qwen["load_seconds"]) == (None, 6.0)
    assert (gemma["intercept_ms"], gemma["slope_ms"]) == pytest.approx((200, 35))
    assert [each["length"] for each in gemma["by_length"]] == ["1-31", "32-127"]
    assert gemma["load_seconds"] is gemma["decode_ms_per_token"] is None
    [crossover] = found["crossovers"]
    assert (crossover["slower"], crossover["faster"]) == ("gemma", "qwen")
    assert crossover["output_tokens"] == pytest.approx((6000 - 200) / 20)
    assert found["sources_differ"] is False


def test_sources_that_differ_are_named_below() -> None:
    """A client's figures hold the network."""
    models = efficiency_of(summed([*FAST, Answer(100, 9.0, source="stream")]))

    assert "no source has measured all models" in list(efficiency_lines(models, 100))[-1]


HISTORY = History(
    [Answer(100, 10.0 * 1.1**n, NOON - (2 - n) * DAY) for n in range(3)],
    [(NOON - DAY, 4.0), (NOON, None)],
)
[TREND] = trends_of(
    HISTORY.thought_days(since=(NOON - 9 * DAY).date(), until=(NOON + DAY).date()),
    HISTORY.load_days(since=(NOON - 9 * DAY).date(), until=(NOON + DAY).date()),
    HISTORY.recent_loads(),
)


def test_a_trend_tells_the_change_and_each_day() -> None:
    """A day without a load has none."""
    _, row = trends_lines([TREND], 100)
    _, first, second, last = trend_day_lines(TREND.days, 100)

    assert row.split() == ["gemma", "engine", "11.0", "+21", "%", "300", "3", "3", "4.00", "s", "-"]
    assert first.split() == ["2026-03-29", "10.0", "100", "1", "-", "0", "0"]
    assert second.split() == ["2026-03-30", "11.0", "100", "1", "4.00", "s", "1", "0"]
    assert last.split() == ["2026-03-31", "12.1", "100", "1", "-", "0", "1"]


def test_a_trend_in_json_has_the_documented_keys() -> None:
    """With a row for each day."""
    [found] = trends_as_json([TREND])

    assert found["weighted_ms_per_token"] == pytest.approx(11.033333)
    assert (found["tokens"], found["samples"], found["load_seconds"]) == (300, 3, 4.0)
    assert found["change_percent"] == pytest.approx(21)
    assert found["load_change_percent"] is None
    assert found["days"][1] == {
        "day": "2026-03-30",
        "weighted_ms_per_token": pytest.approx(11.0),
        "tokens": 100,
        "samples": 1,
        "load_seconds": 4.0,
        "loads": 1,
        "failed_loads": 0,
    }
