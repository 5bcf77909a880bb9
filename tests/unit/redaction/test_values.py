"""Secrets in use are known by their very value."""

from __future__ import annotations

import pytest

from understudy.redaction import KNOWN_VALUE, Span, looks_real, secret_values, values_in


@pytest.mark.parametrize(
    "value", ["hunter2-9f8e7d6c", "gw-live-77aa88bb", "sk-test-planted-0123456789", "x9" * 20]
)
def test_a_real_value(value: str) -> None:
    """Letters and digits, or a long run."""
    assert looks_real(value)


@pytest.mark.parametrize(
    "value",
    ["", "short1", "test-key", "dummy-api-key", "your-openai-api-key-here", "not-a-real-key",
     "/etc/keys/google1.json", "~/keys/google1", "https://vault/1", "production", "1234567890",
     "two words 12345678", "xxxxxxxxxxxxxxxxxxxxxxxxxx", "[redacted]"],
)  # fmt: skip
def test_a_stand_in(value: str) -> None:
    """Words, paths and numbers may stand in any text."""
    assert not looks_real(value)


def test_the_secrets_of_an_environment() -> None:
    """By the names of its variables, and real ones only."""
    environment = {
        "GATEWAY_TOKEN": " gw-77aa88bb ",
        "OPENAI_API_KEY": "dummy-key",
        "HOME_PAGE": "gw-77aa88bb99",
        "MAX_TOKENS": "abcd1234",
    }

    assert secret_values(environment) == {"gw-77aa88bb": "GATEWAY_TOKEN"}


def test_a_value_is_found_as_it_is_and_quoted() -> None:
    """A URL quotes what a header does not."""
    spans = values_in("a+b/c=9 and a%2Bb%2Fc%3D9", ["a+b/c=9"])

    assert spans == [Span(0, 7, KNOWN_VALUE), Span(12, 25, KNOWN_VALUE)]
