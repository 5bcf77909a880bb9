"""Documents are built from events as PyYAML's safe loader builds them."""

from __future__ import annotations

import pytest
import yaml

from understudy.cassettes._yaml_reader import Builder, CassetteLoader, UnusualYAMLError, load_yaml

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
