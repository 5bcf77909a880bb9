"""Names under which secrets stand, and values that look like some."""

from __future__ import annotations

import pytest

from understudy.redaction import (
    KNOWN_VALUE,
    Span,
    is_secret_key,
    is_secret_parameter,
    is_secret_variable,
    looks_real,
    secret_values,
    values_in,
    words_of_name,
)


@pytest.mark.parametrize(
    "name",
    ["api_key", "apiKey", "API-Key", "openai_api_key", "access_token", "clientSecret", "password",
     "aws_secret_access_key", "X-Api-Key", "db.password", "refreshToken", "authorization"],
)  # fmt: skip
def test_a_name_of_a_secret(name: str) -> None:
    """In snake case, camel case and with hyphens."""
    assert is_secret_key(name)


@pytest.mark.parametrize(
    "name",
    ["token", "tokens", "max_tokens", "maxOutputTokens", "input_tokens", "total_tokens", "key",
     "prompt_tokens_details", "token_type_ids", "token_type", "next_page_token", "eos_token",
     "signature", "thoughtSignature", "encrypted_content", "id", "request_id", "keyword",
     "primary_key", "secretary", "monkey"],
)  # fmt: skip
def test_a_name_of_no_secret(name: str) -> None:
    """Counts, pieces of text, pages, and what a provider wants back."""
    assert not is_secret_key(name)


@pytest.mark.parametrize("name", ["key", "api_key", "access_token", "sig", "X-Amz-Signature"])
def test_a_parameter_of_a_secret(name: str) -> None:
    """Shorter names are keys in a query."""
    assert is_secret_parameter(name)


@pytest.mark.parametrize("name", ["alt", "page_token", "api-version", "max_tokens"])
def test_a_parameter_of_no_secret(name: str) -> None:
    """The rest stays."""
    assert not is_secret_parameter(name)


@pytest.mark.parametrize(
    ("name", "is_secret"),
    [("OPENAI_API_KEY", True), ("GITHUB_TOKEN", True), ("AWS_SECRET_ACCESS_KEY", True),
     ("DB_PASSWORD", True), ("GATEWAY_KEY_2", True), ("MAX_TOKENS", False), ("PATH", False),
     ("KEYBOARD", False), ("GOOGLE_APPLICATION_CREDENTIALS", True)],
)  # fmt: skip
def test_a_variable(name: str, *, is_secret: bool) -> None:
    """As environments name them."""
    assert is_secret_variable(name) is is_secret


def test_names_are_compared_in_snake_case() -> None:
    """However they were written."""
    assert {words_of_name(name) for name in ("apiKey", "API-Key", "api.key")} == {"api_key"}


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
