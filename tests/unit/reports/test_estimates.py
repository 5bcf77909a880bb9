"""How good the predictions of a run were, as text and as JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests.unit.analytics.samples import estimate
from tests.unit.reports.sample_run import sample_run

from understudy.reports import render_summary, summarise, summary_as_json

if TYPE_CHECKING:
    from understudy.events import AnyEvent, TokenEstimate

ESTIMATES = [
    estimate(1200, 800, category="testing", complexity="low"),
    estimate(1000, 1400, category="testing", truncated=True),
    estimate(5, None, success=None),
    estimate(5, None, success=False),
    estimate(5, None),
]


def shown(events: list[AnyEvent], estimates: list[TokenEstimate], *, width: int = 100) -> list[str]:
    summary = summarise(events, estimates=estimates)
    return [line.text for line in render_summary(summary, width=width)]


def test_without_predictions_nothing_is_said_of_them() -> None:
    """The summary is as before."""
    text = "\n".join(shown(list(sample_run()), []))

    assert "SMAPE" not in text


def test_a_table_shows_all_then_categories_then_complexities() -> None:
    """With the means over the calls whose outcome is known."""
    lines = shown(list(sample_run()), ESTIMATES)

    start = next(place for place, line in enumerate(lines) if line.startswith("estimates"))
    assert lines[start : start + 6] == [
        "estimates         calls   SMAPE  waste  underestimated",
        "all                   2  36.7 %  1.11x        1 (50 %)",
        "category testing      2  36.7 %  1.11x        1 (50 %)",
        "category -            0     n/a    n/a               0",
        "complexity low        1  40.0 %  1.50x         0 (0 %)",
        "complexity -          1  33.3 %  0.71x       1 (100 %)",
    ]


def test_one_sort_of_prediction_is_a_sentence() -> None:
    """A table would show the same row three times."""
    lines = shown(list(sample_run()), ESTIMATES[:1])

    assert not any(line.startswith("estimates") for line in lines)
    assert (
        "SMAPE   40.0 % in 1 call (0 % is exact), 1.50 tokens predicted for each that came"
    ) in lines


def test_what_has_no_outcome_is_said() -> None:
    """Each sort of it."""
    text = "\n".join(shown(list(sample_run()), ESTIMATES))

    assert "1 estimate for which no call was made" in text
    assert "1 estimate of calls that failed" in text
    assert "1 estimate of calls that sent no usage" in text
    assert "1 predicted call cut off at a limit of tokens" in text


def test_predictions_without_any_call_are_said_too() -> None:
    """Nothing is lost in silence."""
    lines = shown([], [estimate(5, None, success=None)])

    assert lines[0] == "calls   0"
    assert "1 estimate for which no call was made" in lines


def test_every_line_fits() -> None:
    """The least telling columns go first."""
    assert max(map(len, shown(list(sample_run()), ESTIMATES, width=40))) <= 40


def test_json_holds_every_figure() -> None:
    """Null is unknown."""
    data = summary_as_json(summarise(sample_run(), estimates=ESTIMATES))["estimates"]

    assert json.loads(json.dumps(data)) == data
    assert (data["predictions"], data["calls"], data["underestimated"]) == (5, 2, 1)
    assert (data["without_call"], data["failed"], data["without_usage"]) == (1, 1, 1)
    assert [each["category"] for each in data["by_category"]] == ["testing", None]
    assert data["by_category"][1]["smape_percent"] is None
    assert [each["complexity"] for each in data["by_complexity"]] == ["low", None]


def test_json_says_null_where_nobody_predicted() -> None:
    """Not a table of zeros."""
    assert summary_as_json(summarise(sample_run()))["estimates"] is None
