"""Why a cost changed."""

from __future__ import annotations

import pytest
from tests.unit.gates.sample_gate import NOON, prices

from understudy.gates import CostSplit, Repricing

Models = dict[str, dict[str, int]]
CHEAP, DEAR = 1_000, 10_000  # 1e-9 USD for a token in


def calls(model: str, tokens: int, *, factor: int = 1) -> Models:
    """Make the sums of one call."""
    price = {"cheap": CHEAP, "dear": DEAR}[model] * factor
    return {f"openai/{model}": {"attempts": 1, "input_tokens": tokens, "cost": tokens * price}}


def split(before: Models, after: Models, *, factor: int = 1) -> CostSplit | None:
    """Split a change with prices that are `factor` times what they were."""
    return Repricing(prices(factor=factor), NOON).split(before, after)


@pytest.mark.parametrize(
    ("before", "after", "quantity", "model"),
    [
        (calls("cheap", 100), calls("cheap", 110), 10 * CHEAP, 0),
        (calls("cheap", 100), calls("cheap", 90), -10 * CHEAP, 0),
        (calls("cheap", 100), calls("dear", 100), 0, 100 * (DEAR - CHEAP)),
        (calls("dear", 100), calls("cheap", 100), 0, -100 * (DEAR - CHEAP)),
        (calls("cheap", 100), calls("dear", 110), 10 * DEAR, 100 * (DEAR - CHEAP)),
        (
            calls("cheap", 100) | calls("dear", 50),
            calls("cheap", 110) | calls("dear", 50),
            10 * CHEAP,
            0,
        ),
        (
            calls("cheap", 100) | calls("dear", 50),
            calls("cheap", 80) | calls("dear", 70),
            0,
            20 * (DEAR - CHEAP),
        ),
    ],
)
def test_tokens_that_change_their_model_are_the_models_the_rest_is_quantity(
    before: Models, after: Models, quantity: int, model: int
) -> None:
    """Also where a test calls several models."""
    parts = split(before, after)

    assert parts is not None
    assert (parts.quantity, parts.model, parts.price_table) == (quantity, model, 0)


def test_the_parts_add_up_under_a_new_price_table() -> None:
    """What the same calls cost more is the price table's."""
    parts = split(calls("cheap", 100), calls("cheap", 110, factor=2), factor=2)

    assert parts == CostSplit(
        baseline=200 * CHEAP, quantity=20 * CHEAP, model=0, price_table=100 * CHEAP
    )


def test_a_bill_that_the_table_does_not_explain_is_not_split() -> None:
    """Searches, a step of the price, a provider's own bill: nobody blames the table."""
    billed = calls("cheap", 100)
    billed["openai/cheap"]["cost"] += 5

    assert split(calls("cheap", 100), billed) is None


def test_a_model_without_a_price_is_not_split() -> None:
    """Before or now."""
    unknown: Models = {"openai/other": {"attempts": 1, "input_tokens": 10, "cost": 7}}

    assert split(unknown, calls("cheap", 10)) is None
    assert split(calls("cheap", 10), unknown) is None


def test_failed_attempts_cost_nothing() -> None:
    """A model that never answered needs no price."""
    refused: Models = {"openai/other": {"attempts": 2}}

    parts = split(calls("cheap", 10), calls("cheap", 10) | refused)

    assert parts == CostSplit(baseline=10 * CHEAP, quantity=0, model=0, price_table=0)


def test_parts_that_the_move_would_break_are_quantity() -> None:
    """The cached tokens moved, the others did not: no such call can be priced."""
    before: Models = {
        "unknown/cheap": {
            "attempts": 1,
            "input_tokens": 10,
            "cache_read_tokens": 10,
            "cost": 10_000,
        },
        "openai/dear": {"attempts": 1, "input_tokens": 10, "cost": 100_000},
    }
    after: Models = {
        "unknown/cheap": {"attempts": 1, "input_tokens": 11, "cost": 11_000},
        "openai/dear": {
            "attempts": 1, "input_tokens": 5, "cache_read_tokens": 5, "cost": 50_000
        },
    }  # fmt: skip

    parts = split(before, after)

    assert parts is not None
    assert parts.quantity + parts.model == -49_000
