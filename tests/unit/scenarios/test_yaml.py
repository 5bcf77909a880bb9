"""YAML with the types of JSON."""

from __future__ import annotations

import json
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from understudy.scenarios import _yaml
from understudy.scenarios._yaml import YamlError, load_document

PRINTABLE = st.characters(exclude_categories=("Cc", "Cn", "Cs", "Zl", "Zp"))
KEYS = st.text(PRINTABLE, max_size=6)
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**12), 10**12)
    | st.floats(allow_nan=False, allow_infinity=False)
    | KEYS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=8,
)


@pytest.fixture(params=["C", "pure Python"], autouse=True)
def loader(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """With libyaml and without."""
    if request.param == "pure Python":
        monkeypatch.setattr(_yaml, "_LOADER", yaml.SafeLoader)
    elif not yaml.__with_libyaml__:
        pytest.skip("PyYAML was built without libyaml")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("null", None),
        ("~", None),
        ("", None),
        ("true", True),
        ("False", False),
        ("17", 17),
        ("-3", -3),
        ("0", 0),
        ("1.5", 1.5),
        (".5", 0.5),
        ("2e3", 2000.0),
        ("-1.5E-1", -0.15),
    ],
)
def test_plain_words_are_json_values(text: str, value: object) -> None:
    """As YAML 1.2 reads them."""
    data = load_document(f"a: {text}").data

    assert data == {"a": value}
    assert type(data["a"]) is type(value)


@pytest.mark.parametrize(
    "text",
    [
        "no",
        "on",
        "12:30",
        "007",
        "1_000",
        "0x1f",
        "2031-03-04",
        ".nan",
        ".inf",
        "1e999",
        "9" * 5000,
    ],
)
def test_other_words_are_text(text: str) -> None:
    """What YAML 1.1 made of them is nobody's wish."""
    assert load_document(f"a: {text}").data == {"a": text}


@pytest.mark.parametrize("text", ["'17'", '"17"', "|-\n  17", ">-\n  17"])
def test_quoted_words_are_text(text: str) -> None:
    """Also in block style."""
    assert load_document(f"a: {text}").data == {"a": "17"}


def test_lines_are_known() -> None:
    """Of keys and of items."""
    document = load_document("a:\n  b: 1\n  c:\n    - x\n    -\n      d: 2\n")

    assert document.line(("a", "b")) == 2
    assert document.line(("a", "c", 0)) == 4
    assert document.line(("a", "c", 1, "d")) == 6


def test_the_line_of_a_missing_key_is_that_of_its_parent() -> None:
    """Where it should have stood."""
    document = load_document("a:\n  b: 1\n")

    assert document.line(("a", "x", 3)) == 1


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("", None, "the file is empty"),
        ("# only a remark\n", None, "the file is empty"),
        ("a: 1\na: 2\n", 2, "the key 'a' stands here twice"),
        ("a: &x 1\nb: *x\n", 2, "*x is an alias; write the value out"),
        ("a: 1\nb: !!python/name:os.system x\n", 2, "the tag tag:yaml.org,2002:python/name:os.sy"),
        ("a: !!str 1\n", 1, "the tag tag:yaml.org,2002:str is not known here; leave it out"),
        ("a: 1\n---\nb: 1\n", 2, "a second document begins; write one scenario a file"),
        ("a: 1\n? [b]\n: 2\n", 2, "a key is no text"),
        ("a: [1,\nb: 2", 2, "while parsing a flow sequence: "),
        ("a: 1\n\tb: 2\n", 2, ""),
        ("a: 1\nb: \x07\n", 2, "special characters are not allowed"),
        ("a: " + "[" * 200_000, 1, "the value is nested too deep"),
        ("- " * 60 + "1", 1, "the value is nested too deep"),
    ],
)
def test_what_a_scenario_may_not_be_is_refused(text: str, line: int | None, message: str) -> None:
    """With the line where it stands."""
    with pytest.raises(YamlError) as caught:
        load_document(text)

    if "special" in message:
        assert "characters are not allowed" in str(caught.value)
    else:
        assert str(caught.value).startswith(message)
    assert caught.value.line in ({line} if "flow" not in message else {line, 3})


@given(value=VALUES)
def test_json_is_yaml(value: Any) -> None:
    """As YAML 1.2 promises."""
    text = json.dumps({"a": value}, ensure_ascii=False)

    assert load_document(text).data == {"a": value}


@given(text=st.text(max_size=40) | st.text(": -[]{},&*!|>'\"%@`#?~\n\tab1", max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    """Nothing but a YamlError leaves the reader."""
    try:
        document = load_document(text)
    except YamlError as error:
        refused = str(error)
    else:
        refused = ""
        document.line(())

    assert refused or not refused.strip()
