"""YAML is read as PyYAML's safe loader reads it, and written so that every loader reads it back."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from understudy.cassettes._yaml_reader import Builder, CassetteLoader, UnusualYAMLError, load_yaml
from understudy.cassettes._yaml_writer import yaml_text

WEIRD = st.text(
    alphabet=" \t\n\ra\x85\u2028\u2029\ufeff:#-'\"{}[]|>&*!%@`~\\é😀\0\x7f,.019eyN", max_size=20
)
BLOCKS = st.from_regex(r" {0,3}[a-z -]{0,100}(\n[ \t]{0,2}[a-z]{0,5}){0,5}\n{0,4}", fullmatch=True)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=60) | WEIRD | BLOCKS
LEAVES = TEXTS | st.binary(max_size=99) | st.integers() | st.floats() | st.booleans() | st.none()
DOCUMENTS = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4)
)

UNUSUAL = [
    "a: &x 1\nb: *x\n",
    "a: &x [1]\nb: *x\n",
    "a: !!set {b}\n",
    "a: !!python/tuple [1, 2]\n",
    "base: &b {c: 1}\nd:\n  <<: *b\n",
    "1: a\n",
    "? [a]\n: b\n",
    "a: !!float 1\n",
    "a: 1\n---\nb: 2\n",
    "# nothing\n",
    "<<: {a: 1}\n",
]


@pytest.mark.parametrize("text", UNUSUAL)
def test_what_is_unusual_is_left_to_the_whole_loader(text: str) -> None:
    """Anchors, tags, merges, keys that are no text, several documents."""
    with pytest.raises(UnusualYAMLError):
        Builder(CassetteLoader(text)).build()


@pytest.mark.parametrize(
    "text", [text for text in UNUSUAL if "[a]" not in text and "---" not in text]
)
def test_the_whole_loader_gives_what_it_always_gave(text: str) -> None:
    """And what it gave may have no form in JSON."""
    document, is_plain = load_yaml(text)

    assert document == yaml.load(text, Loader=CassetteLoader)
    assert not is_plain


@pytest.mark.parametrize(
    ("text", "is_plain"),
    [
        ("a: [1, 0x1F, 1.5, .inf, yes, ~, 'no', !!str 12, 1:30]\n", True),
        ("a: !!binary AAEC\n", True),
        ("a: 2026-11-20\n", False),
        ("a: {}\nb: []\n", True),
        ("- a\n- b: c\n  d: e\n", True),
    ],
)
def test_scalars_are_what_they_are(text: str, is_plain: bool) -> None:  # noqa: FBT001
    """Numbers, moments, words; and whether JSON knows them is told."""
    assert load_yaml(text) == (yaml.safe_load(text), is_plain)


def test_a_value_without_a_constructor_is_unusual() -> None:
    """YAML 1.1 has one: a lonely equals sign."""
    with pytest.raises(UnusualYAMLError):
        Builder(CassetteLoader("a: =\n")).build()


def test_nesting_without_end_is_refused_before_libyaml_runs_out_of_stack() -> None:
    """Also where the document is left to the whole loader."""
    with pytest.raises(RecursionError):
        load_yaml("a: &x 1\nb: " + "[" * 2000)


@settings(max_examples=25)
@given(st.dictionaries(TEXTS, DOCUMENTS, min_size=1, max_size=4))
def test_a_document_is_read_back_by_every_loader(document: dict[str, Any]) -> None:
    """Libyaml's and Python's, vcrpy's, and the fast one here."""
    text = yaml_text(document)

    for loader in (CassetteLoader, yaml.SafeLoader):
        assert repr(yaml.load(text, Loader=loader)) == repr(document)
    assert repr(load_yaml(text)[0]) == repr(document)


@settings(max_examples=25)
@given(document=st.dictionaries(TEXTS, DOCUMENTS, max_size=4), flow=st.none() | st.booleans())
def test_what_others_write_is_read_as_by_the_safe_loader(
    *, document: dict[str, Any], flow: bool | None
) -> None:
    """In block style, in flow style, and in both; with anchors where PyYAML puts them."""
    text = yaml.dump(document, Dumper=yaml.CSafeDumper, default_flow_style=flow)

    assert repr(load_yaml(text)[0]) == repr(yaml.load(text, Loader=yaml.CSafeLoader))


@pytest.mark.parametrize("length", [999, 1001, 1500])
def test_a_long_key_is_read_back(length: int) -> None:
    """YAML takes a key of more than 1,024 characters only where it is announced."""
    document = {"a": [{"k" * length: "v", "b": {"'" * length: [1]}}]}

    assert yaml.load(yaml_text(document), Loader=yaml.CSafeLoader) == document
