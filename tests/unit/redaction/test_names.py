"""Secrets are known by the names they stand under."""

from __future__ import annotations

import pytest

from understudy.redaction import (
    is_secret_key,
    is_secret_parameter,
    is_secret_variable,
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
