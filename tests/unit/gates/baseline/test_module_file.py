"""The file of a module: written, read, damaged."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.gates import BaselineError
from understudy.gates.baseline import ModuleFile, Record, Update, format_module, parse_module

PATH = Path("llm-baseline/tests/test_bot.py.tsv")
UPDATE = Update(date="2026-11-20", commit="3502d2e", author="Ann", reason="first figures")
FILE = ModuleFile(
    "tests/test_bot.py",
    (
        Record("test_b", "calls", "openai/gpt-4o", 2),
        Record("test_a", "duration", "virtual:realistic_l3", 4350000),
    ),
    {"test_a": UPDATE},
)
TEXT = format_module(FILE)
TITLE, MODULE, HINT, *LINES = TEXT.splitlines()


def test_a_file_is_sorted_lines_of_text() -> None:
    """One figure a line, tabs between its columns, whole numbers, a blank line between tests."""
    assert LINES == [
        "",
        "test_a\t#\t2026-11-20\t3502d2e\tAnn\tfirst figures",
        "test_a\tduration\tvirtual:realistic_l3\t4350000",
        "",
        "test_b\tcalls\topenai/gpt-4o\t2",
    ]
    assert TEXT.endswith("\n")


_WORDS = st.text(min_size=0, max_size=12)
_VALUES = st.integers(-(10**15), 10**15) | st.floats(allow_nan=False, allow_infinity=False)
_RECORDS = st.builds(Record, _WORDS, st.just("calls"), _WORDS, _VALUES)


@given(module=st.text(min_size=1), records=st.lists(_RECORDS, unique_by=lambda r: r.key))
def test_what_is_written_is_read(module: str, records: list[Record]) -> None:
    """Whatever characters a test is named with."""
    file = ModuleFile(module, tuple(sorted(records)))

    read = parse_module(format_module(file), PATH)

    assert read.module == module
    assert sorted(read.records) == list(file.records)


@given(st.builds(Update, date=_WORDS, commit=_WORDS, author=_WORDS, reason=_WORDS))
def test_an_update_is_read_as_it_was_written(update: Update) -> None:
    """Reasons are people's words."""
    file = ModuleFile("m.py", (Record("t", "calls", "-", 1),), {"t": update})

    assert parse_module(format_module(file), PATH).updates == {"t": update}


def lines(*more: str) -> str:
    """Put lines below the header."""
    return "\n".join((TITLE, MODULE, HINT, *more)) + "\n"


@pytest.mark.parametrize(
    ("text", "line", "problem"),
    [
        ("", 1, "the file is empty"),
        ("[tool]\n", 1, "no baseline of understudy"),
        ("# understudy baseline x\n", 1, "no baseline of understudy"),
        ("# understudy baseline 2\n", 1, "format 2 is of a newer understudy"),
        ("<<<<<<< HEAD\n", 1, "marks of a merge conflict"),
        (f"{TITLE}\ntest_a\tcalls\t-\t1\n", 2, "no line '# module'"),
        (lines("test_a\tcalls\t-\t1", "<<<<<<< HEAD"), 5, "marks of a merge conflict"),
        (lines("======="), 4, "marks of a merge conflict"),
        (lines("test_a calls - 1 x"), 4, "1 columns"),
        (lines("test_a\tcalls\t-\tmany"), 4, "'many' is no figure of calls"),
        (lines("test_a\tcalls\t-\tnan"), 4, "'nan' is no figure of calls"),
        (lines("test_a\tcalls\t-\tinf"), 4, "'inf' is no figure of calls"),
        (lines(*["test_a\tcalls\t-\t1"] * 2), 5, "test_a has calls of - twice"),
        (lines("test_a\t#\tabc"), 4, "3 columns"),
    ],
)
def test_a_damaged_file_is_refused_with_its_line(text: str, line: int, problem: str) -> None:
    """A gate with half a baseline would be green by luck."""
    with pytest.raises(BaselineError, match=problem) as caught:
        parse_module(text, PATH)

    assert caught.value.line == line
    assert str(caught.value).startswith(f"{PATH}:{line}: ")


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    """Nothing else comes out."""
    try:
        file = parse_module(f"{TITLE}\n{MODULE}\n{text}", PATH)
    except BaselineError:
        return
    assert isinstance(file, ModuleFile)


def test_lines_of_windows_are_read() -> None:
    """Git may have changed them."""
    assert parse_module(TEXT.replace("\n", "\r\n"), PATH).records == tuple(sorted(FILE.records))
