"""The price list of genai-prices. Expected costs are arithmetic on published prices."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from genai_prices import Usage as TheirUsage
from genai_prices.data_snapshot import get_snapshot
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.pricing.sample_calls import NOON, sample_billed_call

from understudy.calls import Usage
from understudy.pricing import Quantities
from understudy.pricing._genai import GenaiPrices
from understudy.pricing._genai._tariff import tariff_of

ANTHROPIC = {"provider": "anthropic", "wire_api": "anthropic.messages"}
SONNET = ANTHROPIC | {"request_model": "claude-sonnet-4-5-20250929"}
GEMINI = {"provider": "google", "wire_api": "google.generateContent"}
BEDROCK = {"provider": "bedrock", "wire_api": "bedrock.converse"}
AUDIO = {"prompt_tokens_details": {"audio_tokens": 100}}


def nanousd(**figures: Any) -> int | None:
    """Price a sample call with `figures`."""
    return GenaiPrices().quote(sample_billed_call(**figures)).nanousd


def reason(**figures: Any) -> str | None:
    """Say why a sample call with `figures` has no price."""
    quote = GenaiPrices().quote(sample_billed_call(**figures))
    assert quote.nanousd is None
    assert quote.source == "none"
    assert quote.table is None
    return quote.reason


@pytest.mark.parametrize(
    ("figures", "expected"),
    [
        # $2.50 in, $10 out, $1.25 cached
        ({}, 35_000_000),
        ({"cache_read_tokens": 8_000}, 25_000_000),
        ({"provider": "azure", "cache_read_tokens": 8_000}, 25_000_000),
        # $0.15, $0.60, $0.075
        (
            {"request_model": "gpt-4o-mini-2024-07-18", "cache_read_tokens": 1_000},
            9_000 * 150 + 1_000 * 75 + 1_000 * 600,
        ),
        ({"request_model": "gpt-5.1", "service_tier": "flex"}, 11_250_000),
        ({"service_tier": "priority"}, 59_500_000),
        ({"service_tier": "default"}, 35_000_000),
        ({"request_model": "o3"}, 28_000_000),
        (
            {"request_model": "text-embedding-3-small", "operation": "embeddings"}
            | {"output_tokens": None},
            200_000,
        ),
        # more than 272,000 in: $8 and $30
        ({"request_model": "gpt-5.6", "input_tokens": 300_000}, 2_430_000_000),
        # $3 in, $15 out, cache writes $3.75 for 5 minutes, $6 for an hour
        (SONNET | {"cache_write_tokens": 4_000}, 48_000_000),
        (SONNET | {"cache_write_tokens": 4_000, "cache_write_1h_tokens": 4_000}, 57_000_000),
        (SONNET | {"cache_read_tokens": 10_000}, 18_000_000),
        (SONNET | {"usage_raw": {"server_tool_use": {"web_search_requests": 2}}}, 65_000_000),
        (
            ANTHROPIC | {"request_model": "claude-opus-4-5", "service_tier": "batch"},
            37_500_000,
        ),
        # 1.1 times the list price of $5 and $25
        (
            ANTHROPIC | {"request_model": "claude-opus-4-6", "usage_raw": {"inference_geo": "us"}},
            82_500_000,
        ),
        # fast: $10 and $50 instead of $5 and $25
        (
            ANTHROPIC | {"request_model": "claude-opus-5", "usage_raw": {"speed": "fast"}},
            150_000_000,
        ),
        # up to 200,000 in $1.25 and $10, above $2.50 and $15
        (
            GEMINI | {"request_model": "gemini-2.5-pro", "input_tokens": 150_000},
            197_500_000,
        ),
        (GEMINI | {"request_model": "models/gemini-2.5-flash@001"}, 5_500_000),
        # a region costs a tenth more than the world
        (
            BEDROCK | {"request_model": "global.anthropic.claude-sonnet-4-5-20250929-v1:0"},
            45_000_000,
        ),
        (BEDROCK | {"request_model": "us.anthropic.claude-sonnet-4-5-20250929-v1:0"}, 49_500_000),
        (
            {"provider": "vertex", "wire_api": "anthropic.messages"}
            | {"request_model": "publishers/anthropic/models/claude-sonnet-4-5@20250929"},
            45_000_000,
        ),
        (
            {
                "provider": "cohere",
                "wire_api": "cohere.chat.v2",
                "request_model": "command-a-03-2025",
            }
            | {"usage_raw": {"billed_units": {"input_tokens": 1_000, "output_tokens": 100}}},
            3_500_000,
        ),
        (
            {"provider": "openrouter", "request_model": "meta-llama/llama-3.3-70b-instruct:free"},
            0,
        ),
        # audio $32 in, text $2.50 in and $10 out
        (
            {"request_model": "gpt-audio", "usage_raw": AUDIO},
            9_900 * 2_500 + 100 * 32_000 + 10_000_000,
        ),
    ],
)
def test_list_prices(figures: dict[str, Any], expected: int) -> None:
    """Costs are the published prices, to 1e-9 USD."""
    assert nanousd(**figures) == expected


CLAUDE_ON_VERTEX: dict[str, Any] = {
    "provider": "vertex",
    "wire_api": "anthropic.messages",
    "input_tokens": 100_000,
}
GEMINI_ON_VERTEX = GEMINI | {"provider": "vertex"}
REGION = {"host": "us-east5-aiplatform.googleapis.com"}
SEVERAL_REGIONS = {"host": "aiplatform.eu.rep.googleapis.com"}
WORLD = {"host": "aiplatform.googleapis.com"}
EUROPE = {"host": "eu.api.openai.com"}


@pytest.mark.parametrize(
    ("figures", "expected"),
    [
        # $3 and $15; from Claude 4.5 on a tenth more where the region is fixed
        (CLAUDE_ON_VERTEX | WORLD | {"request_model": "claude-sonnet-4-5@20250929"}, 315_000_000),
        (CLAUDE_ON_VERTEX | REGION | {"request_model": "claude-sonnet-4-5@20250929"}, 346_500_000),
        (
            CLAUDE_ON_VERTEX | SEVERAL_REGIONS | {"request_model": "claude-sonnet-4-6"},
            346_500_000,
        ),
        (CLAUDE_ON_VERTEX | REGION | {"request_model": "claude-sonnet-4@20250514"}, 315_000_000),
        # $15 and $75
        (CLAUDE_ON_VERTEX | REGION | {"request_model": "claude-opus-4-1@20250805"}, 1_575_000_000),
        # $0.30 and $2.50; from Gemini 3 on a tenth more than $1.50 and $9
        (GEMINI_ON_VERTEX | REGION | {"request_model": "gemini-2.5-flash"}, 5_500_000),
        (GEMINI_ON_VERTEX | WORLD | {"request_model": "gemini-3.5-flash"}, 24_000_000),
        (GEMINI_ON_VERTEX | REGION | {"request_model": "gemini-3.5-flash"}, 26_400_000),
        # $2.50 and $15; a tenth more for what came out from 2026-03-05 on
        ({"request_model": "gpt-5.4"}, 40_000_000),
        (EUROPE | {"request_model": "gpt-5.4"}, 44_000_000),
        ({"host": "us.api.openai.com"} | {"request_model": "gpt-5.4"}, 44_000_000),
        # $0.75 and $4.50, $1.75 and $14, $2.50 and $10, $2 and $8
        (EUROPE | {"request_model": "gpt-5.4-mini-2026-03-17"}, 13_200_000),
        (EUROPE | {"request_model": "gpt-5.3-codex"}, 31_500_000),
        (EUROPE, 35_000_000),
        (EUROPE | {"request_model": "o3"}, 28_000_000),
    ],
)
def test_a_place_may_cost_more_than_the_world(figures: dict[str, Any], expected: int) -> None:
    """The host says where: the list's prices are for anywhere."""
    assert nanousd(**figures) == expected


def test_groqs_flex_costs_what_on_demand_costs() -> None:
    """https://console.groq.com/docs/flex-processing: $0.59 and $0.79, as without it."""
    figures: dict[str, Any] = {"provider": "groq", "request_model": "llama-3.3-70b-versatile"}
    figures |= {"input_tokens": 1_000, "output_tokens": 1_000}

    assert nanousd(**figures, service_tier="flex") == 1_380_000
    assert nanousd(**figures, service_tier="on_demand") == 1_380_000
    assert reason(**figures, service_tier="performance") == "no performance price on its list"


@pytest.mark.parametrize(
    ("figures", "used", "fees"),
    [
        # $10 for a thousand searches, $2.50 for a thousand of files
        ({"request_model": "gpt-5.1"}, {"web_search": 2}, 20_000_000),
        ({"request_model": "gpt-5.1"}, {"web_search": 1, "file_search": 2}, 15_000_000),
        # $14 for a thousand queries, before Gemini 3 $35 for a thousand prompts
        (GEMINI | {"request_model": "gemini-3.5-flash"}, {"web_search": 3}, 42_000_000),
        (GEMINI | {"request_model": "gemini-2.5-flash"}, {"web_search": 3}, 35_000_000),
    ],
)
def test_searches_cost_beside_the_tokens(
    figures: dict[str, Any], used: dict[str, int], fees: int
) -> None:
    """As the list says, by what the answer tells of its tools."""
    alone = nanousd(**figures)

    assert alone is not None
    assert nanousd(**figures, usage_raw={"server_tools": used}) == alone + fees


@pytest.mark.parametrize(
    ("model", "usage_raw", "expected"),
    [
        # text $5 and images $10 in, images $40 out
        ("gpt-image-1", {}, 10 * 5_000 + 10 * 10_000 + 1_000 * 40_000),
        # $5, $8 and $32, also where nobody says what came out
        ("gpt-image-1.5", {}, 10 * 5_000 + 10 * 8_000 + 1_000 * 32_000),
        (
            "gpt-image-1.5",
            {"output_tokens_details": {"image_tokens": 1_000}},
            10 * 5_000 + 10 * 8_000 + 1_000 * 32_000,
        ),
    ],
)
def test_images_cost_what_images_cost(model: str, usage_raw: dict[str, Any], expected: int) -> None:
    """Tokens of OpenAI's images API are text and images in, images out."""
    tokens = {"input_tokens": 20, "output_tokens": 1_000}
    usage_raw |= {"input_tokens_details": {"text_tokens": 10, "image_tokens": 10}}

    found = nanousd(wire_api="openai.images", request_model=model, usage_raw=usage_raw, **tokens)

    assert found == expected


def test_transcribed_audio_costs_what_audio_costs() -> None:
    """$2.50 and $10 for text, $6 for audio."""
    usage_raw = {"input_token_details": {"text_tokens": 10, "audio_tokens": 4}}

    found = nanousd(
        request_model="gpt-4o-transcribe", input_tokens=14, output_tokens=101, usage_raw=usage_raw
    )

    assert found == 10 * 2_500 + 4 * 6_000 + 101 * 10_000


@pytest.mark.parametrize(
    ("figures", "expected"),
    [
        ({"request_model": "gpt-99-foo"}, "not on the price list of openai"),
        ({"request_model": None}, "the call names no model"),
        ({"provider": "ollama", "wire_api": "ollama.chat"}, "no price list for ollama"),
        ({"provider": "local", "wire_api": "hf.generate"}, "no price list for local"),
        ({"service_tier": "scale"}, "no scale price on its list"),
        ({"request_model": "gpt-4-turbo", "service_tier": "flex"}, "no flex price on its list"),
        ({"provider": "azure", "service_tier": "priority"}, "no priority price on its list"),
        (SONNET | {"usage_raw": {"speed": "fast"}}, "no fast price on its list"),
        (SONNET | {"usage_raw": {"inference_geo": "eu"}}, "no price for inference in 'eu'"),
        (
            {"provider": "deepseek", "request_model": "deepseek-chat"},
            "an alias whose listed price is out of date",
        ),
        (
            {"provider": "mistral", "request_model": "mistral-large-latest"},
            "an alias whose listed price is out of date",
        ),
        (
            {"provider": "mistral", "request_model": "magistral-medium-latest"},
            "an alias whose listed price is out of date",
        ),
        (EUROPE | {"request_model": "gpt-image-2"}, "no price for inference in 'eu'"),
        ({"host": "mars.api.openai.com"}, "no price for inference in 'mars'"),
        (
            GEMINI_ON_VERTEX | REGION | {"request_model": "gemini-3-flash-preview"},
            "no price for inference in 'us-east5'",
        ),
        (
            GEMINI_ON_VERTEX | {"request_model": "gemini-2.0-flash-001"},
            "it costs more at vertex than on the list of google",
        ),
        (
            {"provider": "azure", "request_model": "DeepSeek-R1"},
            "its price at azure is not its maker's, and on no list",
        ),
        (
            {"request_model": "gpt-4o-mini-search-preview"},
            "its fee for each request depends on what was searched",
        ),
        (
            {"request_model": "gpt-5", "usage_raw": {"server_tools": {"code_interpreter": 1}}},
            "no price for code interpreter sessions on its list",
        ),
        (
            {"request_model": "gpt-5.3", "usage_raw": {"server_tools": {"web_search": 1}}},
            "no price for web searches on its list",
        ),
        (
            {"provider": "mistral", "request_model": "voxtral-small-latest"}
            | {"usage_raw": {"prompt_audio_seconds": 7}},
            "no price for audio tokens on its list",
        ),
        (
            {"provider": "mistral", "request_model": "mistral-medium-2508"}
            | {"usage_raw": {"connectors": {"web_search": 1}}},
            "no price for uses of the connector web_search on its list",
        ),
        (
            {"provider": "perplexity", "request_model": "sonar"},
            "its fee for each request depends on what was searched",
        ),
        ({"request_model": "whisper-1"}, "no price for input tokens on its list"),
        ({"request_model": "text-embedding-3-small"}, "no price for output tokens on its list"),
        ({"usage_raw": AUDIO}, "no price for audio tokens on its list"),
        (
            {"provider": "mistral", "request_model": "mistral-large-2512"}
            | {"usage_raw": {"server_tool_use": {"web_search_requests": 1}}},
            "no price for web searches on its list",
        ),
        (
            {"request_model": "gpt-audio", "input_tokens": 50, "usage_raw": AUDIO},
            "its token counts contradict each other",
        ),
        (
            {"request_model": "gpt-4.1-mini", "response_model": "moonshotai/kimi-k2"},
            "not on the price list of openai",
        ),
    ],
)
def test_what_is_unknown_has_a_reason(figures: dict[str, Any], expected: str) -> None:
    """Where the list would guess or be silent, there is no price."""
    assert reason(**figures) == expected


def test_who_sells_a_model_decides_whoever_was_asked_before() -> None:
    """Google's own price is none for Vertex, though both have one list."""
    flash = {"wire_api": "google.generateContent", "request_model": "gemini-2.0-flash"}
    calls = [sample_billed_call(**flash, provider=name) for name in ("google", "vertex", "google")]
    table = GenaiPrices()

    prices = [table.quote(call).nanousd is not None for call in calls]

    assert prices == [True, False, True]


@pytest.mark.parametrize(
    ("wire_api", "model"),
    [
        ("openai.chat", "gpt-4o-mini"),
        ("openai.responses", "gpt-5-mini"),
        ("anthropic.messages", "claude-haiku-4-5"),
        ("google.generateContent", "gemini-2.5-flash"),
        ("cohere.chat.v2", "command-r"),
    ],
)
def test_on_an_unknown_host_the_name_is_enough_over_the_makers_own_api(
    wire_api: str, model: str
) -> None:
    """A fake provider or a gateway on loopback is priced as what it stands for."""
    assert nanousd(provider="local", wire_api=wire_api, request_model=model)


@pytest.mark.parametrize(
    ("wire_api", "model"),
    [
        ("openai.chat", "meta-llama/Llama-3.2-1B-Instruct"),
        ("openai.chat", "gpt-oss-20b"),
        ("openai.chat", "mistral-small-latest"),
        ("openai.chat", "claude-haiku-4-5"),
        ("google.generateContent", "gemma-3"),
    ],
)
def test_on_an_unknown_host_other_names_have_no_price(wire_api: str, model: str) -> None:
    """Open weights cost nobody's list price there."""
    said = reason(provider="local", wire_api=wire_api, request_model=model)

    assert said is not None
    assert said.startswith("its host has no price list and its name is not one of")


def test_without_any_host_the_makers_list_is_taken() -> None:
    """A call that was recorded by hand names only its model."""
    figures: dict[str, Any] = {"provider": None, "wire_api": None}

    assert nanousd(**figures) == 35_000_000
    assert nanousd(**figures, request_model="us.anthropic.claude-sonnet-5") == 33_000_000
    assert nanousd(**figures, request_model="kimi-k2.6")
    assert reason(**figures, request_model="house-brand") == "on no price list"
    assert reason(**figures, request_model="gpt-oss-20b")


def test_a_price_carries_its_table() -> None:
    """The provenance names the package and its version."""
    quote = GenaiPrices().quote(sample_billed_call())

    assert quote.source == "price_table"
    assert quote.table is not None
    assert quote.table.startswith("genai-prices/")


def test_the_time_of_the_call_decides() -> None:
    """A price is the one of its day: o3 cost $10 and $40 before 2025-06-10."""
    before = datetime(2025, 6, 9, tzinfo=UTC)
    table = GenaiPrices()

    old = table.quote(sample_billed_call(request_model="o3", ts=before)).nanousd
    new = table.quote(sample_billed_call(request_model="o3", ts=NOON)).nanousd

    assert (old, new) == (140_000_000, 28_000_000)


def test_nearest_names_another_model_of_the_seller() -> None:
    """A typing error finds its model."""
    billed = sample_billed_call(provider="xai", request_model="grok-4-lates")

    assert any(name.startswith("grok") for name in GenaiPrices().nearest(billed))


def all_tariffs() -> list[Any]:
    """Return the prices of every listed model that charges for tokens alone."""
    found = [
        model.get_prices(NOON) for provider in get_snapshot().providers for model in provider.models
    ]
    return [each for each in found if each.input_mtok is not None and each.requests_kcount is None]


counts = st.integers(0, 400_000)


@settings(max_examples=6)
@given(input_tokens=counts, output_tokens=counts, shares=st.tuples(*[st.floats(0, 1)] * 4))
def test_charges_what_genai_prices_does(
    input_tokens: int, output_tokens: int, shares: tuple[float, ...]
) -> None:
    """Our faster arithmetic gives the same cost for every model on every list."""
    read = int(input_tokens * shares[0] / 2)
    written = int(input_tokens * shares[1] / 2)
    long = int(written * shares[2])
    reasoning = int(output_tokens * shares[3])
    tokens = Usage(input_tokens, output_tokens, read, written, long, reasoning)
    theirs = TheirUsage(
        input_tokens=input_tokens,
        output_tokens=output_tokens,
        cache_read_tokens=read,
        cache_write_tokens=written,
        cache_write_1h_tokens=long,
        output_reasoning_tokens=reasoning,
    )

    for prices in all_tariffs():
        expected = prices.calc_price(theirs)["total_price"]
        assert tariff_of(prices).usd(Quantities(tokens)) == expected
