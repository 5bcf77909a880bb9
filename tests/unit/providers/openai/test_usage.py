"""The dialects of OpenAI's usage block."""

from __future__ import annotations

from typing import Any

import pytest
from tests.unit.providers.sample_bodies import OPENAI_CHAT, URLS, exchange, sse

from understudy.calls import Usage
from understudy.providers.openai._usage import openai_usage


@pytest.mark.parametrize(
    ("block", "usage"),
    [
        ({"prompt_tokens": 1, "completion_tokens": 2, "total_tokens": 3}, Usage(1, 2)),
        ({"input_tokens": 1, "output_tokens": 2}, Usage(1, 2)),
        ({"prompt_tokens": 4, "prompt_tokens_details": {"cached_tokens": 3}}, Usage(4, None, 3)),
        (
            {"prompt_tokens": 4, "prompt_tokens_details": None, "cached_tokens": 3},
            Usage(4, None, 3),
        ),
        ({"prompt_tokens": 4, "prompt_cache_hit_tokens": 3}, Usage(4, None, 3)),
        (
            {"input_tokens": 4, "input_tokens_details": {"cache_write_tokens": 2}},
            Usage(4, None, None, 2),
        ),
        (
            {"prompt_tokens": 4, "cache_read_input_tokens": 1, "cache_creation_input_tokens": 2},
            Usage(4, None, 1, 2),
        ),
        ({"total_tokens": 7}, Usage(7)),
    ],
    ids=["chat", "responses", "cached", "Together", "DeepSeek", "writes", "LiteLLM", "Voyage"],
)
def test_each_dialect_is_understood(block: dict[str, Any], usage: Usage) -> None:
    """Counts include what is cached."""
    assert openai_usage(block) == usage


@pytest.mark.parametrize(
    ("block", "provider", "usage"),
    [
        (
            {
                "prompt_tokens": 10,
                "completion_tokens": 5,
                "total_tokens": 35,
                "completion_tokens_details": {"reasoning_tokens": 20},
            },
            "xai",
            Usage(10, 25, reasoning_tokens=20),
        ),
        (
            {
                "prompt_tokens": 10,
                "completion_tokens": 25,
                "total_tokens": 35,
                "completion_tokens_details": {"reasoning_tokens": 20},
            },
            "xai",
            Usage(10, 25, reasoning_tokens=20),
        ),
        (
            {"prompt_tokens": 10, "completion_tokens": 5, "reasoning_tokens": 20},
            "unknown",
            Usage(10, 25, reasoning_tokens=20),
        ),
        (
            {
                "prompt_tokens": 10,
                "completion_tokens": 50,
                "total_tokens": 60,
                "reasoning_tokens": 20,
            },
            "perplexity",
            Usage(10, 70, reasoning_tokens=20),
        ),
        (
            {
                "prompt_tokens": 10,
                "completion_tokens": 5,
                "total_tokens": 15,
                "reasoning_tokens": 20,
            },
            "openrouter",
            Usage(10, 5, reasoning_tokens=20),
        ),
        (
            {
                "prompt_tokens": 9,
                "completion_tokens": 200,
                "total_tokens": 300,
                "prompt_tokens_details": {"audio_tokens": 91},
            },
            "mistral",
            Usage(100, 200),
        ),
        (
            {
                "prompt_tokens": 10,
                "completion_tokens": 5,
                "total_tokens": 115,
                "prompt_tokens_details": {"cached_tokens": 100},
            },
            "a gateway",
            Usage(110, 5, 100),
        ),
        (
            {"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 35},
            "google",
            Usage(10, 25, reasoning_tokens=20),
        ),
        (
            {"prompt_tokens": 10, "total_tokens": 35},
            "google",
            Usage(10, 25, reasoning_tokens=25),
        ),
        (
            {"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 35},
            "openai",
            Usage(10, 5),
        ),
        (
            {"input_tokens": 61, "output_tokens": 10, "total_tokens": 71}
            | {"output_tokens_details": {"reasoning_tokens": 96}},
            "vercel",
            Usage(61, 106, reasoning_tokens=96),
        ),
        (
            {"input_tokens": 61, "output_tokens": 100, "total_tokens": 161}
            | {"output_tokens_details": {"reasoning_tokens": 96}},
            "vercel",
            Usage(61, 100, reasoning_tokens=96),
        ),
    ],
    ids=[
        "xAI, outside",
        "xAI, inside",
        "more than the output",
        "Perplexity",
        "a total that leaves no room",
        "Mistral's audio",
        "cache outside",
        "Gemini's thoughts",
        "nothing but thoughts",
        "unexplained",
        "Vercel's Responses, where it cannot be inside",
        "and where it can",
    ],
)
def test_what_stands_outside_by_the_total_is_added(
    block: dict[str, Any], provider: str, usage: Usage
) -> None:
    """What the total does not explain is left alone."""
    assert openai_usage(block, provider) == usage


VERCEL = "https://ai-gateway.vercel.sh/v1/chat/completions"
GATEWAY = "https://gateway.ai.cloudflare.com/v1/a/b/compat/chat/completions"
OPENROUTER = "https://openrouter.ai/api/v1/chat/completions"


def block(prompt: int, completion: int, total: int, reasoning: int = 0) -> dict[str, Any]:
    """Return a usage block of a chat."""
    details = {"completion_tokens_details": {"reasoning_tokens": reasoning}} if reasoning else {}
    counts = {"prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": total}
    return {**counts, **details}


@pytest.mark.parametrize("streamed", [False, True])
@pytest.mark.parametrize(
    ("url", "model", "told", "usage"),
    [
        (VERCEL, "gpt-5", block(61, 10, 71, 96), Usage(61, 106, reasoning_tokens=96)),
        (VERCEL, "gpt-5", block(61, 200, 261, 96), Usage(61, 296, reasoning_tokens=96)),
        (VERCEL, "gpt-5", block(61, 10, 167, 96), Usage(61, 106, reasoning_tokens=96)),
        (VERCEL, "gpt-4o", block(61, 10, 71), Usage(61, 10)),
        (GATEWAY, "gemini-2.5-flash", block(21, 10, 93), Usage(21, 72, reasoning_tokens=62)),
        (GATEWAY, "google/Gemini-3-pro", block(21, 10, 93), Usage(21, 72, reasoning_tokens=62)),
        (GATEWAY, "gpt-4o", block(21, 10, 93), Usage(21, 10)),
        (OPENROUTER, "minimax-m2:free", block(21, 10, 31, 11), Usage(21, 10)),
        (OPENAI_CHAT, "gpt-4o", {"total_tokens": 150}, Usage()),
        (OPENAI_CHAT, "gpt-4o", {"prompt_tokens": True, "total_tokens": 1}, Usage()),
        (
            OPENAI_CHAT,
            "gpt-4o",
            {"prompt_tokens": 10**30, "completion_tokens": "3.0"},
            Usage(None, 3),
        ),
    ],
    ids=[
        "Vercel, outside",
        "Vercel, outside, though it could be inside",
        "Vercel, in the total",
        "Vercel, none",
        "Gemini's thoughts behind a gateway",
        "by its other name",
        "unexplained",
        "impossible",
        "a total of a chat is no input",
        "nor beside what is no count",
        "absurd",
    ],
)
def test_every_reading_holds_together(
    url: str,
    model: str,
    told: dict[str, Any],
    usage: Usage,
    streamed: bool,  # noqa: FBT001
) -> None:
    """Reasoning is a part of the output, and what a rule explains is corrected."""
    answer = {"model": model, "choices": [], "usage": told}

    read = exchange(url, sse(answer, done=True) if streamed else answer)

    assert read.usage == usage


def test_the_total_is_the_input_where_nothing_is_written() -> None:
    """As of embeddings."""
    assert exchange(URLS["openai.embeddings"], {"usage": {"total_tokens": 7}}).usage == Usage(7)
