"""The price book of a run."""

from __future__ import annotations

from typing import Any

import pytest
from tests.unit.pricing.sample_calls import sample_billed_call

from understudy.pricing import LayeredPrices, Prices, price_book


def house_prices(**prices: Any) -> Prices:
    """Make a table with one price for gpt-4o."""
    table = Prices("house")
    table.register("gpt-4o", **prices)
    return table


def test_the_users_prices_go_before_the_list() -> None:
    """A contract's price replaces the list price."""
    book = price_book(house_prices(input=1, output=1))

    price = book.price(sample_billed_call())

    assert price.table == "house"
    assert price.nanousd == 11_000_000


def test_the_first_table_that_knows_a_model_answers() -> None:
    """Tables are asked in the order in which they were given."""
    book = price_book(house_prices(input=1, output=1), house_prices(input=2, output=2))

    assert book.price(sample_billed_call()).nanousd == 11_000_000


def test_the_list_prices_what_the_user_does_not() -> None:
    """A table of one model leaves the others alone."""
    book = price_book(house_prices(input=1, output=1))

    price = book.price(sample_billed_call(request_model="o3"))

    assert price.nanousd == 28_000_000


def test_a_reported_cost_goes_before_all_prices() -> None:
    """What the provider billed is the truth."""
    book = price_book(house_prices(input=1, output=1))

    price = book.price(sample_billed_call(provider="openrouter", reported_cost_usd=0.000735))

    assert price.nanousd == 735_000
    assert price.source == "provider"
    assert price.table is None


def test_a_reported_cost_needs_no_usage() -> None:
    """The bill says more than the tokens."""
    billed = sample_billed_call(
        provider="openrouter", reported_cost_usd=0.5, input_tokens=None, output_tokens=None
    )

    assert price_book().price(billed).nanousd == 500_000_000


def test_what_no_call_costs_is_no_bill() -> None:
    """The list prices it: gpt-4o at OpenRouter is 0.035 for 10,000 in and 1,000 out."""
    billed = sample_billed_call(
        provider="openrouter", request_model="openai/gpt-4o", reported_cost_usd=1e300
    )

    assert price_book().price(billed).nanousd == 35_000_000


def test_what_no_call_costs_is_no_price() -> None:
    """A store could not add it up."""
    book = price_book(house_prices(input=1e300, output=1))

    price = book.price(sample_billed_call())

    assert (price.nanousd, price.reason) == (None, "its figures cannot be those of one call")


@pytest.mark.parametrize(
    ("figures", "reason"),
    [
        ({"input_tokens": None, "output_tokens": None}, "no usage in the answer"),
        (
            {"input_tokens": None, "output_tokens": None}
            | {"usage_raw": {"billed_units": {"search_units": 1}}},
            "no price for search units on its list",
        ),
        ({"output_tokens": None}, "its output tokens are unknown"),
        (
            {"cache_write_tokens": 5, "cache_write_1h_tokens": 6},
            "one-hour cache writes exceed all cache writes",
        ),
        ({"reasoning_tokens": 1_001}, "reasoning tokens exceed output tokens"),
    ],
)
def test_unusable_counts_have_no_price(figures: dict[str, Any], reason: str) -> None:
    """Unknown is not 0, and a contradiction is not charged."""
    price = price_book().price(sample_billed_call(**figures))

    assert price.nanousd is None
    assert price.reason == reason


def test_without_tables_there_is_no_price() -> None:
    """A book may be empty."""
    price = LayeredPrices().price(sample_billed_call())

    assert price.nanousd is None
    assert price.reason == "no price table"
