"""What usage blocks count beyond the tokens that every provider has."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.pricing.sample_calls import sample_call

from understudy.calls import Usage
from understudy.pricing._quantities import quantities_of


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
