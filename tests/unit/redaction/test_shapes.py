"""Keys that are known by their shape, and messages without them."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.redaction.corpus import KEYS, KEYS_IN_CONTEXT, MORE_KEYS, ORDINARY

from understudy.redaction import (
    KEY_SHAPES,
    REDACTED,
    keys_in,
    may_hold_keys,
    redacted,
    without_spans,
)


def without_keys(text: str) -> str:
    return without_spans(text, keys_in(text))


def test_a_key_is_known_by_its_shape() -> None:
    """Wherever it stands: nothing of it is left, and its kind is told."""
    for kind, key in KEYS.items():
        text = f"the key is {key}, keep it"
        found: Counter[str] = Counter()

        clean = without_spans(text, keys_in(text), found)

        assert clean == f"the key is {REDACTED}, keep it"
        assert found == {kind: 1}


@pytest.mark.parametrize("key", MORE_KEYS)
def test_a_kind_may_have_several_shapes(key: str) -> None:
    """Each is taken out whole, with JSON's line ends and with real ones."""
    for text in (key, key.replace("\\n", "\n")):
        assert without_keys(f"with {text} in it") == f"with {REDACTED} in it"


@pytest.mark.parametrize(("before", "key"), KEYS_IN_CONTEXT)
def test_a_key_without_a_shape_is_told_by_what_stands_before_it(before: str, key: str) -> None:
    """Assignments, addresses and schemes; what stands before it stays."""
    after = "@db/x" if before.startswith("postgres") else " and so on"

    assert without_keys(f"use {before}{key}{after}") == f"use {before}{REDACTED}{after}"


@pytest.mark.parametrize("before", ["\\n", "\\t", '"', "%3A", "\\u0026", "=", "(", ":", " "])
def test_a_key_is_found_behind_an_escape(before: str) -> None:
    """In JSON and in forms a letter of an escape may stand right before it."""
    assert without_keys(f"x{before}{KEYS['Anthropic key']}") == f"x{before}{REDACTED}"


def test_what_is_no_key_stays() -> None:
    """Counts, ids, models, words with hyphens and data are no secrets."""
    assert [without_keys(text) for text in ORDINARY] == ORDINARY


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


BEGINNINGS = [
    *KEYS.values(),
    *MORE_KEYS,
    *map("".join, KEYS_IN_CONTEXT),
    *(marker for shape in KEY_SHAPES for marker in shape.markers),
]


@given(
    st.sampled_from(["", "_", "é", "\\n", "%3A", "::test_"]),
    st.sampled_from(BEGINNINGS),
    st.text("abcXYZ0189_-./+:", max_size=50),
)
def test_the_quick_look_misses_no_key(before: str, key: str, after: str) -> None:
    """What it passes over is not looked at again."""
    text = f"{before}{key}{after}"

    assert may_hold_keys(text) or not keys_in(text, judged=False)


@pytest.mark.parametrize(
    "text", ["tests/test_it.py::test_up_to_date[gpt-4o]", "chatcmpl-Bq5bJZr0yQ"]
)
def test_the_quick_look_passes_over_names(text: str) -> None:
    """Nearly all texts of an event are such: only then it saves anything."""
    assert not may_hold_keys(text)


@given(st.text(max_size=60), st.sampled_from(sorted(KEYS)), st.text(max_size=60))
def test_a_clean_text_stays_as_it_is(before: str, kind: str, after: str) -> None:
    """Redaction of what is redacted changes nothing."""
    clean = without_keys(f"{before} {KEYS[kind]} {after}")

    assert without_keys(clean) == clean


#: Looser forms, and shorter ones, that are taken out of messages.
LOOSE = ["sk-abcdefghijkl", "hf_some-words_joined", "xai-0123456789abcdef", "gsk_0123456789abcdef"]


def test_a_key_in_a_message_is_taken_out() -> None:
    """Keys are known by their form."""
    for key in (*KEYS.values(), *LOOSE):
        assert redacted(f"Wrong API key: {key}, sorry") == f"Wrong API key: {REDACTED}, sorry"


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
