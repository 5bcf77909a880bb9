"""No secret is shown or kept."""

from __future__ import annotations

import pytest

from understudy.redaction import REDACTED, redacted

KEYS = [
    "sk-proj-abcdefghijklmnop",
    "sk-ant-api03-abcdefgh_ijkl",
    "sk-or-v1-0123456789abcdef",
    "xai-0123456789abcdef",
    "gsk_0123456789abcdef",
    "hf_0123456789abcdef",
    "sk-abcdefghijkl",
    "hf_some-words_joined",
    "AIza" + "a" * 35,
    "AKIA" + "A1B2C3D4E5F6G7H8",
    "eyJhbGciOiJI.eyJzdWIiOiIx.c2lnbmF0dXJl",
]


@pytest.mark.parametrize("key", KEYS)
def test_a_key_in_a_text_is_taken_out(key: str) -> None:
    """Keys are known by their form."""
    assert redacted(f"Incorrect API key provided: {key}.") == (
        f"Incorrect API key provided: {REDACTED}."
    )


@pytest.mark.parametrize("parameter", ["key", "api_key", "api-key"])
def test_a_key_in_a_url_is_taken_out(parameter: str) -> None:
    """Query parameters that hold keys lose them."""
    shown = redacted(f"POST https://host/path?{parameter}=secret&alt=sse")

    assert shown == f"POST https://host/path?{parameter}={REDACTED}&alt=sse"


@pytest.mark.parametrize("value", ["Bearer my-own-gateway-secret", "my-own-gateway-secret"])
def test_the_secret_that_was_sent_is_taken_out_whatever_its_form(value: str) -> None:
    """A gateway's own key is known from the request's header."""
    shown = redacted("no such key: my-own-gateway-secret", {"authorization": value})

    assert shown == f"no such key: {REDACTED}"


def test_an_ordinary_text_stays_as_it_is() -> None:
    """Token counts and words are no secrets."""
    text = "max_tokens must be at most 4096; see https://host/docs?page=2"

    assert redacted(text, {"authorization": "none"}) == text
