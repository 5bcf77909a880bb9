"""The cost of a call from its figures."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from tests.unit.pricing.sample_calls import NOON

from understudy.errors import SettingsError
from understudy.pricing import Prices, UnknownPriceError, calculate_cost


@pytest.mark.parametrize(
    ("model", "figures", "usd"),
    [
        ("gpt-4o", {}, "0.035"),
        ("gpt-4o", {"cache_read_tokens": 8_000}, "0.025"),
        ("gpt-4o", {"service_tier": "priority"}, "0.0595"),
        ("gpt-4o", {"provider": "azure"}, "0.035"),
        ("azure/gpt-4o", {}, "0.035"),
        ("claude-sonnet-4-5", {"cache_write_tokens": 4_000}, "0.048"),
        (
            "claude-sonnet-4-5",
            {"cache_write_tokens": 4_000, "cache_write_1h_tokens": 4_000},
            "0.057",
        ),
        ("mistral-large-2512", {}, "0.0065"),
        ("text-embedding-3-small", {"output_tokens": 0}, "0.0002"),
        ("o3", {"at": datetime(2025, 6, 9, tzinfo=UTC)}, "0.14"),
    ],
)
def test_is_the_published_price(model: str, figures: dict[str, Any], usd: str) -> None:
    """Cached tokens, tiers, providers and the day included."""
    given: dict[str, Any] = {"input_tokens": 10_000, "output_tokens": 1_000, "at": NOON} | figures

    assert calculate_cost(model, **given) == Decimal(usd)


def test_is_exact_to_six_decimals() -> None:
    """gpt-4o costs $2.50 and $10.00 per million: no float comes between."""
    cost = calculate_cost("gpt-4o", input_tokens=1, output_tokens=1)

    assert cost == Decimal("0.0000125")
    assert round(cost, 6) == Decimal("0.000012")


def test_takes_the_callers_prices_first() -> None:
    """A table of one's own stands before the list."""
    prices = Prices()
    prices.register("house-brand", input=1, output=2)

    cost = calculate_cost("house-brand", input_tokens=1_000_000, prices=prices)

    assert cost == 1


def test_an_unknown_model_names_the_nearest() -> None:
    """The error says why and what could have been meant."""
    with pytest.raises(UnknownPriceError) as caught:
        calculate_cost("claude-sonet-4-5", provider="anthropic", input_tokens=1)

    assert isinstance(caught.value, LookupError)
    assert isinstance(caught.value, SettingsError)
    assert caught.value.model == "claude-sonet-4-5"
    assert "claude-sonnet-4-5" in caught.value.nearest
    assert str(caught.value).startswith(
        "no price for model 'claude-sonet-4-5': not on the price list of anthropic. Nearest: "
    )
    assert str(caught.value).endswith(" Set one under [tool.understudy.prices].")


def test_a_model_without_any_neighbour_names_none() -> None:
    """A guess that is far off helps nobody."""
    with pytest.raises(UnknownPriceError) as caught:
        calculate_cost("zzzzzzzzzz", input_tokens=1)

    assert str(caught.value) == (
        "no price for model 'zzzzzzzzzz': on no price list. Set one under [tool.understudy.prices]."
    )


@pytest.mark.parametrize(
    ("figures", "message"),
    [
        ({"input_tokens": -1}, "at least 0, not -1"),
        ({"cache_read_tokens": 11}, "11 cached tokens exceed 10 input tokens"),
        (
            {"cache_write_tokens": 1, "cache_write_1h_tokens": 2},
            "one-hour cache writes exceed all cache writes",
        ),
    ],
)
def test_impossible_counts_are_an_error(figures: dict[str, int], message: str) -> None:
    """A part is at most its whole."""
    given: dict[str, Any] = {"input_tokens": 10} | figures

    with pytest.raises(ValueError, match=message):
        calculate_cost("gpt-4o", **given)
