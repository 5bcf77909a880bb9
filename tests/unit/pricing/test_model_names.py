"""Names that a price list may hold a model under."""

from __future__ import annotations

import pytest

from understudy.pricing._model_names import akin, model_names

ARN = "arn:aws:bedrock:us-east-1:123456789012"


@pytest.mark.parametrize(
    ("provider", "asked", "answered", "names"),
    [
        ("openai", "gpt-4o", "gpt-4o-2024-08-06", ("gpt-4o-2024-08-06", "gpt-4o")),
        ("openai", "gpt-4o", None, ("gpt-4o",)),
        ("openai", None, "gpt-4o", ("gpt-4o",)),
        ("openai", "gpt-4o", "gpt-4o", ("gpt-4o",)),
        ("openai", None, None, ()),
        ("google", "models/gemini-2.5-flash", "gemini-2.5-flash", ("gemini-2.5-flash",)),
        (None, "models/gemini-2.5-flash", None, ("gemini-2.5-flash",)),
        ("vertex", "google/gemini-2.5-flash", None, ("gemini-2.5-flash",)),
        (
            "vertex",
            "projects/p/locations/eu/publishers/anthropic/models/claude-sonnet-4-5@20250929",
            None,
            ("claude-sonnet-4-5@20250929", "claude-sonnet-4-5"),
        ),
        (
            "bedrock",
            "us.anthropic.claude-sonnet-5",
            "claude-sonnet-5",
            ("us.anthropic.claude-sonnet-5", "claude-sonnet-5"),
        ),
        (
            "bedrock",
            f"{ARN}:inference-profile/us.anthropic.claude-sonnet-5",
            None,
            ("us.anthropic.claude-sonnet-5",),
        ),
        (
            "bedrock",
            f"{ARN}:application-inference-profile/abc",
            "claude-haiku-4-5",
            ("claude-haiku-4-5", f"{ARN}:application-inference-profile/abc"),
        ),
        (
            "fireworks",
            "accounts/fireworks/models/deepseek-v3",
            None,
            ("accounts/fireworks/models/deepseek-v3",),
        ),
    ],
)
def test_names_best_first(
    provider: str | None, asked: str | None, answered: str | None, names: tuple[str, ...]
) -> None:
    """What answered comes first; on Bedrock the requested id, which says the region."""
    assert model_names(provider, asked, answered) == names


@pytest.mark.parametrize(
    ("name", "other", "same"),
    [
        ("gpt-4o", "gpt-4o-2024-08-06", True),
        ("us.anthropic.claude-sonnet-5", "claude-sonnet-5", True),
        ("gpt-4.1-mini", "moonshotai/kimi-k2", False),
    ],
)
def test_a_name_inside_the_other_is_akin(name: str, other: str, *, same: bool) -> None:
    """A snapshot or a region around a name is still that model; a router's choice is not."""
    assert akin(name, other) is same
    assert akin(other, name) is same
