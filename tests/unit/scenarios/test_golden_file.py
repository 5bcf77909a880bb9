"""Golden `.jsonl` files."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.unit.scenarios.files import problems_of, write

from understudy.scenarios import Conversation, ObservedTurn, ScenarioLibrary, ScriptedReply

if TYPE_CHECKING:
    from pathlib import Path

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=6,
).map(lambda value: json.dumps(value, ensure_ascii=False, allow_nan=True).replace("Infinity", "1"))


@pytest.mark.parametrize(
    ("content", "lines"),
    [
        (b'{"a": 1}\n{"b":2}\n', ('{"a": 1}\n', '{"b":2}\n')),
        (b'{"a": 1}\n{"b":2}', ('{"a": 1}\n', '{"b":2}')),
        (b'{"a": 1}\r\n[]\r\n', ('{"a": 1}\r\n', "[]\r\n")),
        (b'  {"a" :1 }\t\n', ('  {"a" :1 }\t\n',)),
        ('"é\u2028\x85"\n'.encode(), ('"é\u2028\x85"\n',)),
    ],
)
def test_each_line_is_as_it_stands(tmp_path: Path, content: bytes, lines: tuple[str, ...]) -> None:
    """Newlines, blanks and what Unicode thinks a line ends at are kept."""
    write(tmp_path, "page.jsonl", content)

    assert ScenarioLibrary(tmp_path).get("page").lines == lines


def test_every_call_gets_the_lines(tmp_path: Path) -> None:
    """A golden file does not end."""
    write(tmp_path, "page.jsonl", b"1\n2\n")
    conversation = Conversation(ScenarioLibrary(tmp_path).get("page"))

    first = conversation.advance(ObservedTurn(user_text="hello"))
    second = conversation.advance(ObservedTurn(user_text="again", turn=1))

    assert first == second == ScriptedReply(scenario="page", turn="lines", lines=("1\n", "2\n"))


@pytest.mark.parametrize(
    ("content", "problems"),
    [
        (b"", ["page.jsonl: the file is empty. Write one JSON value on each line."]),
        (b"1\n\n2\n", ["page.jsonl:2: the line is empty. Take it out."]),
        (b"1\n \r\n", ["page.jsonl:2: the line is empty. Take it out."]),
        (b'1\n{"a": \n', ["page.jsonl:2: no JSON: Expecting value at column 1."]),
        (b"NaN\n", ["page.jsonl:1: no JSON: NaN is no JSON value."]),
        (b"[" * 100_000, ["page.jsonl:1: JSON that is nested too deep."]),
        (
            b"\xef\xbb\xbf1\n",
            ["page.jsonl:1: the file begins with a byte order mark. Save it as UTF-8 without one."],
        ),
        (b'1\n"\xe9"\n', ["page.jsonl:2: the text is not UTF-8. Save the file as UTF-8."]),
        (
            b"x\n1\ny",
            [
                "page.jsonl:1: no JSON: Expecting value at column 1.",
                "page.jsonl:3: no JSON: Expecting value at column 1.",
            ],
        ),
    ],
)
def test_a_wrong_file_names_its_lines(tmp_path: Path, content: bytes, problems: list[str]) -> None:
    """Each with what is wrong."""
    assert problems_of(tmp_path, "page.jsonl", content) == problems


def test_large_numbers_are_json(tmp_path: Path) -> None:
    """They are judged, not computed."""
    write(tmp_path, "page.jsonl", b"9" * 5000 + b"\n1e999\n")

    assert len(ScenarioLibrary(tmp_path).get("page").lines) == 2


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lines=st.lists(JSON, min_size=1, max_size=5))
def test_json_lines_come_back_as_written(tmp_path: Path, lines: list[str]) -> None:
    """Any of them."""
    content = "".join(f"{line}\n" for line in lines).encode("utf-8", "surrogatepass")
    write(tmp_path, "page.jsonl", content)
    library = ScenarioLibrary(tmp_path)

    assert "".join(library.get("page").lines).encode() == content
