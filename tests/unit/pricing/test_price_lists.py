"""Whose price list a call is on."""

from __future__ import annotations

import pytest

from understudy.pricing._price_lists import PriceList, price_list_of


@pytest.mark.parametrize(
    ("provider", "list_name"),
    [
        ("openai", "openai"),
        ("azure", "azure"),
        ("bedrock", "aws"),
        ("vertex", "google"),
        ("xai", "x-ai"),
        ("voyage", "voyageai"),
        ("openrouter", "openrouter"),
    ],
)
def test_a_known_provider_has_its_list(provider: str, list_name: str) -> None:
    """Our words for providers are mapped to the list's."""
    assert price_list_of(provider, "openai.chat") == PriceList(list_name)


@pytest.mark.parametrize("provider", [None, "local", "localhost:3000", "portkey"])
@pytest.mark.parametrize(
    ("wire_api", "list_name"),
    [
        ("openai.chat", "openai"),
        ("openai.responses", "openai"),
        ("anthropic.messages", "anthropic"),
        ("google.generateContent", "google"),
        ("cohere.chat.v2", "cohere"),
        ("bedrock.converse", "aws"),
    ],
)
def test_an_unknown_host_is_judged_by_its_wire_api(
    provider: str | None, wire_api: str, list_name: str
) -> None:
    """Whoever owns the API may be behind it; the model's name must say so too."""
    assert price_list_of(provider, wire_api) == PriceList(list_name, by_name=True)


@pytest.mark.parametrize(
    ("provider", "wire_api"),
    [
        ("ollama", "ollama.chat"),
        ("ollama", "openai.chat"),
        ("vllm", "openai.chat"),
        ("local", "ollama.chat"),
        ("local", None),
    ],
)
def test_ones_own_machine_is_on_no_list(provider: str, wire_api: str | None) -> None:
    """What runs at home has no list price."""
    assert price_list_of(provider, wire_api) is None


@pytest.mark.parametrize(
    ("price_list", "model", "covers"),
    [
        (PriceList("openai", by_name=True), "gpt-4o", True),
        (PriceList("openai", by_name=True), "GPT-OSS-20b", False),
        (PriceList("google", by_name=True), "gemma-3", False),
        (PriceList("openai"), "gpt-oss-20b", True),
    ],
)
def test_open_weights_on_an_unknown_host_are_nobodys(
    price_list: PriceList, model: str, *, covers: bool
) -> None:
    """Anybody may serve them, so the name does not say whose price it is."""
    assert price_list.covers(model) is covers
