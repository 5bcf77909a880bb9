"""What an attempt bought, read from its event."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.pricing.sample_calls import NOON, sample_call

from understudy.calls import Usage
from understudy.pricing import Terms, billed_call_of
from understudy.pricing._quantities import quantities_of
from understudy.pricing._reading import terms_of


def test_reads_names_terms_and_time() -> None:
    """A billed call is what a price table needs to know of an event."""
    event = sample_call(response_model="gpt-4o-2024-08-06", service_tier="flex")

    billed = billed_call_of(event)

    assert billed.models == ("gpt-4o-2024-08-06", "gpt-4o")
    assert billed.provider == "openai"
    assert billed.wire_api == "openai.chat"
    assert billed.terms.service_tier == "flex"
    assert billed.at == NOON
    assert billed.reported_usd is None


def test_another_time_can_be_pinned() -> None:
    """A comparison prices both sides as of one moment."""
    pinned = datetime(2026, 1, 1, tzinfo=UTC)

    assert billed_call_of(sample_call(), at=pinned).at == pinned


@pytest.mark.parametrize(
    ("usage_raw", "usd"),
    [
        (None, "0.000735"),
        ({"is_byok": False, "cost": 0.000735}, "0.000735"),
        (
            {"is_byok": True, "cost_details": {"upstream_inference_cost": 0.01}},
            "0.010735",
        ),
        ({"is_byok": True, "cost_details": {"upstream_inference_cost": None}}, None),
        ({"is_byok": True, "cost_details": {"upstream_inference_cost": float("nan")}}, None),
        ({"is_byok": True, "cost_details": {"upstream_inference_cost": -1}}, None),
        ({"is_byok": True}, None),
    ],
)
def test_reported_cost(usage_raw: dict[str, Any] | None, usd: str | None) -> None:
    """With the caller's own key OpenRouter reports only its fee: the bill is elsewhere."""
    event = sample_call(provider="openrouter", reported_cost_usd=0.000735, usage_raw=usage_raw)

    reported = billed_call_of(event).reported_usd

    assert reported == (None if usd is None else Decimal(usd))


@pytest.mark.parametrize(
    ("provider", "usage_raw", "is_bill"),
    [
        ("openrouter", {"cost": 0.5}, True),
        ("perplexity", {"cost": {"total_cost": 0.5}}, True),
        ("vercel", {"cost": "0.5"}, True),
        ("xai", {"cost_in_usd_ticks": 5_000_000_000}, True),
        ("azure", {"cost_in_usd_ticks": 5_000_000_000}, False),
        ("openai", {"cost": 0.5}, False),
        ("127.0.0.1:4000", {"cost": 0.5}, False),
        ("127.0.0.1:4000", {"cost": 0.5, "is_byok": False}, True),
    ],
)
def test_an_amount_is_a_bill_where_the_field_is_known(
    provider: str, usage_raw: dict[str, Any], *, is_bill: bool
) -> None:
    """Any server may call any figure a cost; OpenRouter's own block says whose it is."""
    event = sample_call(provider=provider, reported_cost_usd=0.5, usage_raw=usage_raw)

    assert billed_call_of(event).reported_usd == (Decimal("0.5") if is_bill else None)


@pytest.mark.parametrize(
    ("provider", "usage_raw", "usd"),
    [
        ("openrouter", {"cost": 0, "is_byok": False}, "0"),
        ("openrouter", {"cost": 0, "cost_details": {"upstream_inference_cost": None}}, "0"),
        ("openrouter", {"cost": 0, "cost_details": {"upstream_inference_cost": 6.3e-06}}, None),
        (
            "openrouter",
            {"cost": 0, "is_byok": True, "cost_details": {"upstream_inference_cost": 6.3e-06}},
            "0.0000063",
        ),
        (
            "openrouter",
            {
                "is_byok": True,
                "cost_details": {
                    "upstream_inference_cost": 0,
                    "upstream_inference_prompt_cost": 0.01,
                },
            },
            None,
        ),
        ("vercel", {"cost": "0", "market_cost": 0.0002833}, None),
        ("perplexity", {"cost": {"total_cost": 0, "input_tokens_cost": 0.01}}, None),
    ],
)
def test_a_reported_nothing_is_no_bill_where_the_block_tells_a_cost(
    provider: str, usage_raw: dict[str, Any], usd: str | None
) -> None:
    """The model was free only if no field beside it says what it cost."""
    event = sample_call(provider=provider, reported_cost_usd=0, usage_raw=usage_raw)

    assert billed_call_of(event).reported_usd == (None if usd is None else Decimal(usd))


def test_tokens_are_the_events() -> None:
    """Counts were normalised when the answer was read."""
    event = sample_call(cache_read_tokens=8_000, cache_write_tokens=500, reasoning_tokens=7)

    tokens = quantities_of(event).tokens

    assert tokens == Usage(
        input_tokens=10_000,
        output_tokens=1_000,
        cache_read_tokens=8_000,
        cache_write_tokens=500,
        reasoning_tokens=7,
    )


@pytest.mark.parametrize(
    "usage_raw",
    [
        {"billed_units": {"input_tokens": 7.0, "output_tokens": 115.0}},
        {"meta": {"billed_units": {"input_tokens": 7, "output_tokens": 115}}},
    ],
)
def test_coheres_billed_units_go_before_its_tokens(usage_raw: dict[str, Any]) -> None:
    """Cohere bills fewer tokens than it reads: its preamble is free."""
    tokens = quantities_of(sample_call(usage_raw=usage_raw)).tokens

    assert tokens == Usage(input_tokens=7, output_tokens=115)


def test_billed_units_without_tokens_are_no_tokens() -> None:
    """A rerank is billed by search units."""
    event = sample_call(usage_raw={"billed_units": {"search_units": 1}})

    assert quantities_of(event).tokens.input_tokens == 10_000


@pytest.mark.parametrize(
    ("usage_raw", "modalities"),
    [
        ({"prompt_tokens_details": {"audio_tokens": 25}}, {"input_audio_tokens": 25}),
        ({"completion_tokens_details": {"audio_tokens": 5}}, {"output_audio_tokens": 5}),
        ({"prompt_tokens_details": {"audio_tokens": 0}}, {}),
        ({"prompt_tokens_details": None}, {}),
        (
            {
                "promptTokensDetails": [
                    {"modality": "TEXT", "tokenCount": 9},
                    {"modality": "IMAGE", "tokenCount": 258},
                    {"modality": "DOCUMENT", "tokenCount": 2},
                ],
                "cacheTokensDetails": [{"modality": "AUDIO", "tokenCount": 3}],
                "candidatesTokensDetails": [{"modality": "AUDIO", "tokenCount": 4}],
            },
            {
                "input_image_tokens": 260,
                "cache_audio_read_tokens": 3,
                "output_audio_tokens": 4,
            },
        ),
    ],
)
def test_modalities(usage_raw: dict[str, Any], modalities: dict[str, int]) -> None:
    """Audio and images among the tokens may have prices of their own."""
    assert quantities_of(sample_call(usage_raw=usage_raw)).modalities == modalities


def test_gemini_interactions_list_their_searches() -> None:
    """In the usage block itself."""
    listed = [{"type": "google_search", "count": 2}, {"type": "google_maps", "count": 1}, None]

    bought = quantities_of(sample_call(usage_raw={"grounding_tool_count": listed}))

    assert (bought.web_searches, bought.other_fees) == (2, ("uses of Google Maps",))


def test_anthropics_web_searches() -> None:
    """Server tools are billed beside the tokens."""
    event = sample_call(usage_raw={"server_tool_use": {"web_search_requests": 2}})

    assert quantities_of(event).web_searches == 2


def test_embeddings_expect_no_output() -> None:
    """An embedding without output tokens is complete."""
    assert not quantities_of(sample_call(operation="embeddings")).expects_output


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=8,
)
keys = st.sampled_from(
    [
        "billed_units",
        "meta",
        "prompt_tokens_details",
        "promptTokensDetails",
        "candidatesTokensDetails",
        "server_tool_use",
        "service_tier",
        "inference_geo",
        "is_byok",
        "cost_details",
    ]
)


@given(st.dictionaries(keys, json_values))
def test_any_usage_block_can_be_read(usage_raw: dict[str, Any]) -> None:
    """A provider may send anything; reading it never raises."""
    quantities = quantities_of(sample_call(usage_raw=usage_raw))

    assert all(count > 0 for count in quantities.modalities.values())


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
