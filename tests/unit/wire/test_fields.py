"""Counts and amounts."""

from __future__ import annotations

import json
from typing import Any

import pytest

from understudy.calls import Usage
from understudy.wire.fields import (
    bounded,
    consistent,
    count,
    known_sum,
    money,
    plus,
    reported_cost,
    sound,
)


@pytest.mark.parametrize(
    ("value", "counted"),
    [
        (5, 5),
        (0, 0),
        (5.0, 5),
        ("5", 5),
        ("5.0", 5),
        ("1e3", 1000),
        ("5.5", None),
        ("1e999", None),
        (10**15, 10**15),
        (10**15 + 1, None),
        (-1, None),
        (5.5, None),
        (True, None),
        (None, None),
        ("", None),
        ("five", None),
        ("-5", None),
        ("²", None),
        ([], None),
        (float("inf"), None),
        ("9" * 19, None),
        ("9" * 30, None),
    ],
)
def test_a_count_is_a_whole_number_or_unknown(value: Any, counted: int | None) -> None:
    """Nonsense is None, never 0 and never an error."""
    assert count(value) == counted


@pytest.mark.parametrize(
    ("value", "amount"),
    [
        (0.5, 0.5),
        ("0.5", 0.5),
        (1, 1.0),
        (-1, None),
        (True, None),
        ("much", None),
        (10**400, None),
        (float("inf"), None),
        (1e300, None),
        ("1e300", None),
        (1e6, 1e6),
        ({}, None),
    ],
)
def test_money_is_what_a_call_can_cost(value: Any, amount: float | None) -> None:
    """Anything else is None."""
    assert money(value) == amount


def test_sums_know_what_they_do_not_know() -> None:
    """An unknown base stays unknown; of parts the known ones count."""
    assert (plus(None, 3), plus(1, None, 3)) == (None, 4)
    assert (known_sum(None, None), known_sum(None, 3)) == (None, 3)
    assert (plus(10**15, 1), known_sum(10**15, 1)) == (None, None)


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        (Usage(10, 1, 4, 6, 6), Usage(10, 1, 4, 6, 6)),
        (Usage(10, 1, 8, 8), Usage(10, 1, 8, None)),
        (Usage(10, 1, 20, 5), Usage(10, 1, None, 5)),
        (Usage(10, 1, 20, 20), Usage(10, 1, None, None)),
        (Usage(10, 1, None, 4, 5), Usage(10, 1, None, 4, None)),
        (Usage(None, 1, 20, 20), Usage(None, 1, 20, 20)),
    ],
    ids=["possible", "counted twice", "too many reads", "both", "1h of 5", "input unknown"],
)
def test_cache_counts_are_parts_of_the_input(told: Usage, kept: Usage) -> None:
    """What cannot be a part is unknown."""
    assert consistent(told) == kept


def test_reasoning_is_a_part_of_the_output() -> None:
    """What cannot be a part is unknown; of an unknown output anything may be."""
    assert sound(Usage(1, 5, reasoning_tokens=6)) == Usage(1, 5)
    assert sound(Usage(1, 5, 2, reasoning_tokens=5)) == Usage(1, 5, reasoning_tokens=5)
    assert sound(Usage(1, None, reasoning_tokens=6)) == Usage(1, None, reasoning_tokens=6)


def test_what_no_store_holds_is_null() -> None:
    """Numbers beyond any bound, and what is nested beyond any sense; the rest stays."""
    deep: Any = 1
    for _ in range(1000):
        deep = [deep]

    kept = bounded(
        {"a": [1e400, 1e300, 10**30, -1], "b": True, "c": "1e400", "\ud83d": "", "deep": deep}
    )

    assert kept.pop("deep") is not None
    assert kept == {"a": [None, None, None, -1], "b": True, "c": "1e400", "?": ""}
    assert len(json.dumps(bounded(deep))) < 200


@pytest.mark.parametrize(
    ("block", "cost"),
    [
        ({"cost": 0.25}, 0.25),
        ({"cost": {"total_cost": 0.25}}, 0.25),
        ({"cost": {"request_cost": 0.25}}, None),
        ({"cost_in_usd_ticks": 25_000_000}, 0.0025),
        ({"cost_in_usd_ticks": "25000000"}, 0.0025),
        ({"cost_in_usd_ticks": 10**14}, 10_000.0),
        ({"cost_in_usd_ticks": 0}, None),
        ({"cost": 0}, 0.0),
        ({}, None),
    ],
    ids=[
        "OpenRouter",
        "Perplexity",
        "no total",
        "xAI",
        "xAI as text",
        "many ticks",
        "no ticks",
        "free",
        "nothing",
    ],
)
def test_reported_costs_come_in_three_shapes(block: dict[str, Any], cost: float | None) -> None:
    """A number, an object, ticks."""
    assert reported_cost(block) == cost
