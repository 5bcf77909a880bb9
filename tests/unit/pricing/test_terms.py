"""Service tiers and other conditions."""

from __future__ import annotations

from typing import Any

import pytest

from understudy.pricing import Terms
from understudy.pricing._terms import terms_of


@pytest.mark.parametrize(
    "word",
    [None, "", "auto", "default", "standard", "STANDARD", "on_demand", "ON_DEMAND", " default "],
)
def test_words_for_the_list_price(word: str | None) -> None:
    """Every provider has its own word for no special tier."""
    assert terms_of(word, {}) == Terms()


@pytest.mark.parametrize(
    ("word", "tier"),
    [
        ("flex", "flex"),
        ("ON_DEMAND_FLEX", "flex"),
        ("ON_DEMAND_PRIORITY", "priority"),
        ("priority", "priority"),
        ("batch", "batch"),
        ("PROVISIONED_THROUGHPUT", "provisioned_throughput"),
    ],
)
def test_words_for_other_tiers(word: str, tier: str) -> None:
    """A tier keeps its name, known or not."""
    assert terms_of(word, {}).service_tier == tier


@pytest.mark.parametrize(
    ("usage_raw", "terms"),
    [
        ({"service_tier": "batch"}, Terms("batch")),
        ({"serviceTier": {"type": "flex"}}, Terms("flex")),
        ({"trafficType": "ON_DEMAND_FLEX"}, Terms("flex")),
        ({"trafficType": 1}, Terms()),
        ({"speed": "fast"}, Terms(speed="fast")),
        ({"speed": "standard"}, Terms()),
        ({"speed": 51.2}, Terms()),
        ({"inference_geo": "us"}, Terms(geography="us")),
        ({"inference_geo": "global"}, Terms()),
        ({"inference_geo": "not_available"}, Terms()),
        ({"service_tier": ["odd"]}, Terms()),
    ],
)
def test_conditions_in_the_usage_block(usage_raw: dict[str, Any], terms: Terms) -> None:
    """Anthropic, Gemini and Bedrock say them beside the tokens."""
    assert terms_of(None, usage_raw) == terms


def test_the_events_own_tier_goes_first() -> None:
    """What the codec read from the answer decides over the usage block."""
    assert terms_of("flex", {"service_tier": "standard"}).service_tier == "flex"
