"""The user's table adds to the rules, and says what is wrong with it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import pytest

from understudy.cassettes.secrets import REQUEST_HEADERS, read_redaction
from understudy.errors import SettingsError

if TYPE_CHECKING:
    from pathlib import Path


def test_an_empty_table_is_the_built_in_rules() -> None:
    """Nothing has to be written."""
    rules = read_redaction({}, where="pyproject.toml")

    assert rules.request_headers == REQUEST_HEADERS
    assert [*rules.keys, *rules.keep, *rules.patterns, *rules.redactors] == []


def test_headers_are_added_to_the_list() -> None:
    """In lower case; a star stands for all that begin so."""
    rules = read_redaction({"request_headers": ["X-Team", "x-our-*"]}, where="pyproject.toml")

    assert rules.request_headers == (*REQUEST_HEADERS, "x-team", "x-our-*")


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ([], "write a table"),
        ({"kees": []}, "Did you mean 'keys'"),
        ({"keys": "a"}, "keys is 'a'; write a list of texts"),
        ({"keys": [1]}, "write a list of texts"),
        ({"patterns": ["("]}, "is no regular expression"),
        ({"patterns": ["a*"]}, "matches the empty text"),
        ({"redactors": ["json"]}, "write package.module:function"),
        ({"redactors": ["json:nothing"]}, "cannot be imported"),
        ({"redactors": ["no_such_module_here:f"]}, "cannot be imported"),
        ({"redactors": ["json:__name__"]}, "is no function"),
    ],
)
def test_what_is_wrong_is_said(table: Any, said: str) -> None:
    """With the file and the key."""
    with pytest.raises(SettingsError, match=said) as error:
        read_redaction(table, where="pyproject.toml")

    assert "pyproject.toml" in str(error.value)


def test_a_redactor_is_found_in_the_working_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As `python -m` finds it; the path of imports is as before."""
    (tmp_path / "my_redactors_of_test.py").write_text("def shout(text):\n    return text.upper()\n")
    monkeypatch.chdir(tmp_path)
    before = list(sys.path)

    rules = read_redaction({"redactors": ["my_redactors_of_test:shout"]}, where="pyproject.toml")

    assert rules.redactors[0]("a") == "A"
    assert sys.path == before
