"""Names under which secrets stand, and values that look like some."""

from __future__ import annotations

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

SECRET_KEYS = [
    *("api_key", "apiKey", "API-Key", "openai_api_key", "access_token", "clientSecret", "password"),
    *("aws_secret_access_key", "X-Api-Key", "db.password", "refreshToken", "authorization"),
    *("authorization_token", "HF_TOKEN"),
]
OTHER_KEYS = [
    *("token", "tokens", "max_tokens", "maxOutputTokens", "input_tokens", "total_tokens", "key"),
    *("prompt_tokens_details", "token_type_ids", "token_type", "next_page_token", "eos_token"),
    *("signature", "thoughtSignature", "encrypted_content", "id", "request_id", "keyword"),
    *("primary_key", "secretary", "monkey"),
]
SECRET_PARAMETERS = ["key", "api_key", "access_token", "sig", "X-Amz-Signature"]
OTHER_PARAMETERS = ["alt", "page_token", "api-version", "max_tokens"]
SECRET_VARIABLES = [
    *("OPENAI_API_KEY", "GITHUB_TOKEN", "AWS_SECRET_ACCESS_KEY", "DB_PASSWORD", "GATEWAY_KEY_2"),
    *("GOOGLE_APPLICATION_CREDENTIALS", "AWS_BEARER_TOKEN_BEDROCK", "HF_TOKEN_READ"),
]
OTHER_VARIABLES = ["MAX_TOKENS", "PATH", "KEYBOARD"]
REAL_VALUES = ["hunter2-9f8e7d6c", "gw-live-77aa88bb", "sk-test-planted-0123456789", "x9" * 20]
STAND_INS = [
    *("", "short1", "test-key", "dummy-api-key", "your-openai-api-key-here", "not-a-real-key"),
    *("/etc/keys/google1.json", "~/keys/google1", "https://vault/1", "production", "1234567890"),
    *("two words 12345678", "xxxxxxxxxxxxxxxxxxxxxxxxxx", "[redacted]"),
]


def test_names_of_secrets() -> None:
    """In snake case, camel case and with hyphens; no counts, pieces of text, pages."""
    assert [name for name in SECRET_KEYS + OTHER_KEYS if is_secret_key(name)] == SECRET_KEYS


def test_parameters_of_secrets() -> None:
    """Shorter names are keys in a query."""
    known = SECRET_PARAMETERS + OTHER_PARAMETERS

    assert [name for name in known if is_secret_parameter(name)] == SECRET_PARAMETERS


def test_variables_of_secrets() -> None:
    """As environments name them."""
    known = SECRET_VARIABLES + OTHER_VARIABLES

    assert [name for name in known if is_secret_variable(name)] == SECRET_VARIABLES


def test_names_are_compared_in_snake_case() -> None:
    """However they were written."""
    assert {words_of_name(name) for name in ("apiKey", "API-Key", "api.key")} == {"api_key"}


def test_values_that_look_real() -> None:
    """Letters and digits, or a long run; words, paths and numbers may stand in any text."""
    assert [value for value in REAL_VALUES + STAND_INS if looks_real(value)] == REAL_VALUES


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
