"""Which row of the table of models an attempt stands in."""

from __future__ import annotations

import pytest
from tests.unit.reports.sample_run import REFUSED, attempt

from understudy.reports._models import by_model, is_version_of


@pytest.mark.parametrize(
    ("asked", "answered"),
    [
        ("gpt-4o", "gpt-4o-2024-08-06"),
        ("gpt-3.5-turbo", "gpt-3.5-turbo-0125"),
        ("gpt-3.5-turbo-instruct", "gpt-3.5-turbo-instruct:20230824-v2"),
        ("text-embedding-ada-002", "text-embedding-ada-002-v2"),
        ("claude-3-5-haiku-latest", "claude-3-5-haiku-20241022"),
        ("claude-sonnet-4-0", "claude-sonnet-4-20250514"),
        ("claude-sonnet-4-5@20250929", "claude-sonnet-4-5-20250929"),
        ("us.anthropic.claude-3-5-haiku-20241022-v1:0", "claude-3-5-haiku-20241022"),
        ("mistral-large-latest", "mistral-large-2411"),
        ("models/gemini-2.0-flash", "gemini-2.0-flash-001"),
        ("gemini-2.5-pro", "gemini-2.5-pro-preview-05-06"),
        ("openai/gpt-4o", "openai/gpt-4o-2024-08-06"),
        ("gpt-4o", "openai/gpt-4o-2024-08-06"),
    ],
)
def test_a_dated_name_is_a_version_of_the_name_without_its_date(asked: str, answered: str) -> None:
    """Pairs that the providers' APIs answer with."""
    assert is_version_of(answered, asked)


@pytest.mark.parametrize(
    ("asked", "answered"),
    [
        ("gpt-4", "gpt-4o"),
        ("gpt-4", "gpt-4.1"),
        ("gpt-4", "gpt-4-32k"),
        ("gpt-4o", "gpt-4o-mini-2024-07-18"),
        ("claude-3", "claude-3-5"),
        ("a/first", "b/second"),
        ("a/first", "b/first"),
        ("gpt-4.1-mini", "moonshotai/kimi-k2"),
        ("my-deployment", "gpt-4o-2024-08-06"),
    ],
)
def test_another_name_is_another_model(asked: str, answered: str) -> None:
    """A gateway falls back to what it likes, and a deployment may be called anything."""
    assert not is_version_of(answered, asked)


def test_a_failed_attempt_stays_with_the_model_that_was_asked() -> None:
    """Where another model answered to that name, it never failed."""
    asked = {"provider": "openrouter", "request_model": "a/first"}

    rows = by_model([attempt(1, **asked, response_model="b/second"), attempt(2, **REFUSED | asked)])

    assert {model: len(events) for (_, model), events in rows.items()} == {
        "b/second": 1,
        "a/first": 1,
    }
