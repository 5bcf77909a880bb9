"""Counts and amounts."""

from __future__ import annotations

from typing import Any

import pytest

from understudy.calls import Usage
from understudy.wire.fields import consistent, count, known_sum, money, plus, reported_cost


@pytest.mark.parametrize(
    ("value", "counted"),
    [
        (5, 5),
        (0, 0),
        (5.0, 5),
        ("5", 5),
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
        (10**15, 10**15),
        (10**15 + 1, None),
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
