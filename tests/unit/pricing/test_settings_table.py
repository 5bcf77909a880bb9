"""The table `[tool.understudy.prices]`."""

from __future__ import annotations

from typing import Any

import pytest
from tests.unit.pricing.sample_calls import sample_purchase

from understudy.errors import SettingsError, UnknownNameError
from understudy.pricing import read_prices

WHERE = "pyproject.toml"


def test_reads_prices_by_model() -> None:
    """Integers and floats are USD per million tokens."""
    prices = read_prices({"gpt-4o": {"input": 2, "output": 0.5}}, where=WHERE)

    quote = prices.quote(sample_purchase())

    assert quote is not None
    assert quote.nanousd == 20_500_000
    assert quote.table == "tool.understudy.prices"


def test_an_empty_table_prices_nothing() -> None:
    """Without entries every model is passed on."""
    assert read_prices({}, where=WHERE).quote(sample_purchase()) is None


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
