"""Prices that the user or a plugin gives."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from tests.unit.pricing.sample_calls import sample_billed_call

from understudy.errors import RegistrationError, SettingsError, UnknownNameError
from understudy.pricing import Prices, read_prices


def test_prices_by_name() -> None:
    """Prices are USD per million tokens, cached ones at their own rate."""
    prices = Prices()
    prices.register("house-brand", input=2, output="10", cache_read=Decimal("0.5"), cache_write=2.5)
    billed = sample_billed_call(
        request_model="house-brand", cache_read_tokens=4_000, cache_write_tokens=1_000
    )

    quote = prices.quote(billed)

    assert quote is not None
    assert quote.nanousd == 5_000 * 2_000 + 4_000 * 500 + 1_000 * 2_500 + 1_000 * 10_000
    assert quote.source == "price_table"
    assert quote.table == "tool.understudy.prices"


def test_floats_are_taken_as_written() -> None:
    """0.1 USD is a tenth, not its binary neighbour."""
    prices = Prices()
    prices.register("house-brand", input=0.1, output=0)
    billed = sample_billed_call(request_model="house-brand", input_tokens=3)

    quote = prices.quote(billed)

    assert quote is not None
    assert quote.nanousd == 300


@pytest.mark.parametrize(
    "models",
    [
        {"request_model": "house-brand"},
        {"request_model": "deployment", "response_model": "house-brand"},
        {"request_model": "house-brand", "response_model": "something-else"},
    ],
)
def test_any_name_of_the_call_will_do(models: dict[str, Any]) -> None:
    """The user may name the deployment or what answers behind it."""
    prices = Prices()
    prices.register("house-brand", input=1, output=1)

    assert prices.quote(sample_billed_call(**models)) is not None


def test_other_models_are_passed_on() -> None:
    """A table says nothing of what it does not hold."""
    prices = Prices()
    prices.register("house-brand", input=1, output=1)

    assert prices.quote(sample_billed_call()) is None


def test_the_last_price_of_a_name_wins() -> None:
    """A plugin may correct another."""
    prices = Prices()
    prices.register("gpt-4o", input=1, output=1)
    prices.register("gpt-4o", input=0, output=0)

    quote = prices.quote(sample_billed_call())

    assert quote is not None
    assert quote.nanousd == 0


def test_output_without_a_price_is_unpriced() -> None:
    """A table for embeddings does not make a chat free."""
    prices = Prices("register_prices")
    prices.register("gpt-4o", input=1)

    quote = prices.quote(sample_billed_call())

    assert quote is not None
    assert quote.nanousd is None
    assert quote.reason == "no price for output tokens in register_prices"


@pytest.mark.parametrize("price", [-1, "a lot", float("nan"), float("inf"), True])
def test_what_is_no_price_is_refused(price: Any) -> None:
    """The mistake is said where it is made, with the model's name."""
    with pytest.raises(RegistrationError, match=r"'gpt-4o' in a plugin costs .+ USD per million"):
        Prices("a plugin").register("gpt-4o", input=1, output=price)


def test_a_price_needs_a_name() -> None:
    """A price without a model is a mistake."""
    with pytest.raises(RegistrationError, match="names no model"):
        Prices().register("", input=1)


WHERE = "pyproject.toml"


def test_reads_prices_by_model() -> None:
    """Integers and floats are USD per million tokens."""
    prices = read_prices({"gpt-4o": {"input": 2, "output": 0.5}}, where=WHERE)

    quote = prices.quote(sample_billed_call())

    assert quote is not None
    assert quote.nanousd == 20_500_000
    assert quote.table == "tool.understudy.prices"


def test_an_empty_table_prices_nothing() -> None:
    """Without entries every model is passed on."""
    assert read_prices({}, where=WHERE).quote(sample_billed_call()) is None


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ({"output": 1}, "'input' is missing; give USD per million tokens."),
        ({"input": "2.5"}, "input = '2.5' is no price; give USD per million tokens."),
        ({"input": -1}, "input = -1 is no price; give USD per million tokens."),
        ({"input": True}, "input = True is no price; give USD per million tokens."),
        (2.5, "write a table, as in {input = 2.5, output = 10}."),
    ],
)
def test_a_wrong_entry_is_said_in_one_line(entry: Any, message: str) -> None:
    """The line names the file, the model, the key and what to write."""
    with pytest.raises(SettingsError) as caught:
        read_prices({"m": entry}, where=WHERE)

    assert str(caught.value) == f"pyproject.toml, [tool.understudy.prices] 'm': {message}"


@pytest.mark.parametrize("entry", [{"inptu": 1, "input": 1}, {"inptu": 1}])
def test_an_unknown_key_names_the_nearest(entry: Any) -> None:
    """A typing error finds its key, and comes before the key that it leaves missing."""
    with pytest.raises(UnknownNameError) as caught:
        read_prices({"m": entry}, where=WHERE)

    assert str(caught.value) == (
        "unknown key 'inptu' in pyproject.toml, [tool.understudy.prices] 'm'."
        " Did you mean 'input'? Known: cache_read, cache_write, cache_write_1h, input, output."
    )


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ({"": {"input": 1}}, "has an entry without the name of a model."),
        ([1], "is [1]; write a table of models."),
    ],
)
def test_a_wrong_table_is_said_in_one_line(table: Any, message: str) -> None:
    """The line names the file and the table."""
    with pytest.raises(SettingsError) as caught:
        read_prices(table, where=WHERE)

    assert str(caught.value) == f"pyproject.toml: [tool.understudy.prices] {message}"
