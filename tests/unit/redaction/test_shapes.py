"""Keys are known by their shape, and nothing else is taken for one."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.redaction import REDACTED, keys_in, without_spans

LETTERS = "Ab3dEf6hIj9kLm2nOp5qRs8tUv1wXy4zAb3dEf6hIj9kLm2nOp5qRs8tUv1wXy4z"
KEYS = {
    "OpenAI key": "sk-proj-" + LETTERS[:40],
    "Anthropic key": "sk-ant-api03-" + LETTERS[:40],
    "OpenRouter key": "sk-or-v1-" + "0123456789abcdef" * 4,
    "API key (sk-)": "sk-" + LETTERS[:48],
    "Google API key": "AIza" + LETTERS[:35],
    "Google OAuth token": "ya29." + LETTERS[:40],
    "Google OAuth secret": "GOCSPX-" + LETTERS[:28],
    "AWS access key": "AKIA" + "A1B2C3D4E5F6G7H8",
    "xAI key": "xai-" + LETTERS[:40],
    "Groq key": "gsk_" + LETTERS[:40],
    "Hugging Face token": "hf_" + LETTERS[:34],
    "Perplexity key": "pplx-" + LETTERS[:40],
    "NVIDIA key": "nvapi-" + LETTERS[:40],
    "GitHub token": "ghp_" + LETTERS[:36],
    "GitLab token": "glpat-" + LETTERS[:20],
    "Slack token": "xoxb-" + "1234567890-abcdefghij",
    "Stripe key": "sk_live_" + LETTERS[:24],
    "Databricks token": "dapi" + "0123456789abcdef" * 2,
    "Azure key": LETTERS[:52] + "JQQJ9" + LETTERS[:27],
    "JSON web token": "eyJhbGciOiJI.eyJzdWIiOiIx.c2lnbmF0dXJl",
    "organisation id": "org-" + LETTERS[:24],
    "project id": "proj_" + LETTERS[:24],
    "private key": "-----BEGIN PRIVATE KEY-----\\nMIIEvQ\\n-----END PRIVATE KEY-----",
}
ORDINARY = [
    "max_tokens must be at most 4096",
    '"token": "Hello", "prompt_tokens_details": {}, "token_type_ids": [0, 1]',
    "chatcmpl-AbCdEf0123456789, req_011CSabcdef, msg_01AbCdEf, resp_0123456789abcdef",
    "gpt-4o-2024-08-06, claude-sonnet-4-5-20250929, models/gemini-2.5-flash",
    "task-12345678, risk-management, desk-lamp-1234567",
    "class sk-circle-fade, hf_hub_download_path, org-wide changes, proj_name",
    "Bearer authentication is described below; Basic knowledge of HTTP",
    "https://host/docs?page=2&keyword=a and user@example.com",
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAAB",
]


def without_keys(text: str) -> str:
    return without_spans(text, keys_in(text))


@pytest.mark.parametrize(("kind", "key"), KEYS.items(), ids=list(KEYS))
def test_a_key_is_known_by_its_shape(kind: str, key: str) -> None:
    """Wherever it stands: nothing of it is left, and its kind is told."""
    text = f"the key is {key}, keep it"
    found: Counter[str] = Counter()

    clean = without_spans(text, keys_in(text), found)

    assert clean == f"the key is {REDACTED}, keep it"
    assert found == {kind: 1}


@pytest.mark.parametrize("before", ["\\n", "\\t", '"', "%3A", "\\u0026", "=", "(", ":", " "])
def test_a_key_is_found_behind_an_escape(before: str) -> None:
    """In JSON and in forms a letter of an escape may stand right before it."""
    assert without_keys(f"x{before}{KEYS['Anthropic key']}") == f"x{before}{REDACTED}"


@pytest.mark.parametrize("text", ORDINARY)
def test_what_is_no_key_stays(text: str) -> None:
    """Counts, ids, models, words with hyphens and data are no secrets."""
    assert without_keys(text) == text


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("Bearer gw-77aa88bb99cc", "Bearer [redacted]"),
        ("bearer%20gw-77aa88bb99cc", "bearer%20[redacted]"),
        ("Basic dXNlcjpwYXNzd29yZDE=", "Basic [redacted]"),
        ("https://user:hunter22@db/x", "https://user:[redacted]@db/x"),
        ("Signature=0123456789abcdef0123, a", "Signature=[redacted], a"),
        ("https://h/p?sig=abc%2F&se=1", "https://h/p?sig=[redacted]&se=1"),
    ],
)
def test_what_stands_around_a_key_stays(text: str, clean: str) -> None:
    """Only the secret itself is replaced."""
    assert without_keys(text) == clean


@given(st.text(max_size=60), st.sampled_from(sorted(KEYS)), st.text(max_size=60))
def test_a_clean_text_stays_as_it_is(before: str, kind: str, after: str) -> None:
    """Redaction of what is redacted changes nothing."""
    clean = without_keys(f"{before} {KEYS[kind]} {after}")

    assert without_keys(clean) == clean
