"""What is billed beside the counts of a call, and counts that cannot be all of it."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import pytest
from tests.unit.pricing.sample_calls import sample_billed_call

from understudy.pricing import Price, price_book
from understudy.providers.anthropic import anthropic_usage

ADVICE = {"type": "advisor_message", "input_tokens": 2_000, "output_tokens": 300}


def step(kind: str, input_tokens: int, output_tokens: int, **more: Any) -> dict[str, Any]:
    """Return a step of a call."""
    return {"type": kind, "input_tokens": input_tokens, "output_tokens": output_tokens, **more}


def price(model: str, *steps: dict[str, Any]) -> Price:
    """Price a call of Anthropic's, 23,000 tokens in and 1,000 out, with these steps."""
    raw = {"input_tokens": 23_000, "output_tokens": 1_000, "iterations": list(steps)}
    figures = {"provider": "anthropic", "wire_api": "anthropic.messages", "request_model": model}
    usage = asdict(anthropic_usage(raw))
    return price_book().price(sample_billed_call(**figures, **usage, usage_raw=raw))


@pytest.mark.parametrize(
    ("model", "steps", "usd"),
    [
        ("claude-opus-4-6", [step("message", 23_000, 1_000)], "0.14"),
        (
            "claude-opus-4-6",
            [step("compaction", 180_000, 3_500), step("message", 23_000, 1_000)],
            "1.1275",
        ),
        # 3 and 15 USD for a million tokens, 6 and 22.5 beyond an input of 200,000.
        ("claude-sonnet-4-5", [step("compaction", 180_000, 3_500)], "0.6765"),
        # 0.084 for the call, 5 and 25 USD for a million of the other's.
        ("claude-sonnet-4-5", [{**ADVICE, "model": "claude-opus-4-6"}], "0.1015"),
        (
            "claude-opus-4-6",
            [step("fallback_message", 23_000, 1_000, model="claude-opus-4-6-20260205")],
            "0.14",
        ),
    ],
    ids=["in the top level", "compaction", "each of its own length", "an advisor", "a fallback"],
)
def test_each_step_costs_what_its_model_does(
    model: str, steps: list[dict[str, Any]], usd: str
) -> None:
    """What the top level holds is not charged again."""
    assert format(price(model, *steps).usd or 0, "f").rstrip("0") == usd


@pytest.mark.parametrize(
    ("steps", "reason"),
    [
        (
            [{**ADVICE, "model": "gpt-99"}],
            "gpt-99 did a part of it: not on the price list of anthr",
        ),
        ([step("message", 5, 5, model="claude-haiku-4-5")], "claude-haiku-4-5 did a part of it"),
        ([ADVICE], "a model that is not named did a part of it"),
        ([step("dreams", 5, 5)], "a part of it is of a kind that is not known (dreams)"),
    ],
)
def test_a_step_without_a_price_leaves_the_call_without_one(
    steps: list[dict[str, Any]], reason: str
) -> None:
    """Another model's, and of a kind that may be billed in any way."""
    unknown = price("claude-opus-4-6", *steps)

    assert unknown.nanousd is None
    assert (unknown.reason or "").startswith(reason)


@pytest.mark.parametrize(
    ("usage_raw", "reason"),
    [
        ({"total_tokens": 11_000}, None),
        ({"total_tokens": 0}, None),
        ({"total_tokens": 10_900}, None),
        ({"total_tokens": 11_062}, "its parts make 11000 of 11062 tokens in all"),
        ({"totalTokenCount": 11_062}, "its parts make 11000 of 11062 tokens in all"),
        (
            {"completion_tokens_details": {"reasoning_tokens": 1_001}},
            "reasoning tokens exceed output tokens",
        ),
        ({"reasoning_tokens": 1_001}, "reasoning tokens exceed output tokens"),
        ({"output_tokens_details": {"reasoning_tokens": 1_000}}, None),
        (
            {"prompt_tokens_details": {"cached_tokens": 10_001}},
            "cached tokens exceed input tokens",
        ),
        ({"cachedContentTokenCount": 10_001}, "cached tokens exceed input tokens"),
        ({"input_tokens_details": {"cached_tokens": 10_000}}, None),
    ],
)
def test_counts_that_leave_something_open_have_no_price(
    usage_raw: dict[str, Any], reason: str | None
) -> None:
    """Parts beyond their whole, or a total beyond its parts: more may be billed than is known."""
    assert price_book().price(sample_billed_call(usage_raw=usage_raw)).reason == reason


def test_what_costs_nothing_costs_nothing_in_any_case() -> None:
    """Whatever its counts leave open."""
    figures = {"provider": "openrouter", "request_model": "meta-llama/llama-3.3-70b-instruct:free"}

    free = price_book().price(sample_billed_call(**figures, usage_raw={"total_tokens": 99_000}))

    assert (free.nanousd, free.reason) == (0, None)
