"""A file that is no whole cassette is named, and stays as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import yaml

from understudy.cassettes import Cassette, RecordedRequest, RecordedResponse, RecordMode
from understudy.cassettes._yaml_reader import line_of
from understudy.errors import CassetteError

if TYPE_CHECKING:
    from pathlib import Path

GOOD = """\
interactions:
- request:
    method: POST
    uri: https://api.test/
    headers: {}
    body: |-
      {}
  response:
    status:
      code: 200
      message: OK
    headers: {}
    body:
      string: A
- request:
    method: POST
    uri: https://api.test/
    headers: {}
    body: ''
  response:
    status:
      code: 200
      message: OK
    headers: {}
    body:
      string: B
version: 1
"""
LFS = "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 12\n"
BAD = {
    "empty": ("", "empty"),
    "blank": ("\n \n", "empty"),
    "conflict": (GOOD.replace("    body: ''", "<<<<<<< HEAD"), "line 19: a merge conflict"),
    "lfs": (LFS, "git lfs pull"),
    "html": ("<!DOCTYPE html>\n<html><body>404</body></html>", "line 1: is HTML"),
    "cut": (GOOD[:100], "line"),
    "cut between ours": (
        GOOD.replace(
            "      string: A\n", "      string: A\n    llm_recorded_at: 2026-11-20\n"
        ).removesuffix("version: 1\n"),
        "cut off",
    ),
    "cut within the last": (
        GOOD.partition("    headers: {}\n    body:\n      string: B")[0],
        "cut off",
    ),
    "other": ("a: 1\n", "no recorded requests"),
    "text": ("hello", "no recorded requests"),
    "flow cut": ('{"interactions": [', "line 1: is no YAML"),
    "damaged": (
        GOOD.replace("      code: 200\n      message: OK\n", "      x: 1\n", 1),
        "line 2, inter",
    ),
    "address": (GOOD.replace("https://api.test/", "https://[api.test/"), "line 2, interaction 0"),
    "timing": (
        GOOD.replace("      string: B\n", "      string: B\n    llm_timing: {headers_ms: a}\n"),
        "line 15, interaction 1: is damaged",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_refuses_every_mode(tmp_path: Path, name: str) -> None:
    """Before any call: it is never taken for new."""
    text, words = BAD[name]
    path = tmp_path / "a.yaml"
    path.write_text(text)

    for mode in RecordMode:
        with pytest.raises(CassetteError, match=words) as caught:
            Cassette.open(path, record_mode=mode)
        assert str(caught.value).startswith(str(path))

    assert path.read_text() == text
    assert not list(tmp_path.rglob("*.jsonl"))


@pytest.mark.parametrize("data", [b"\xff\xfe\x00", b"\x1f\x8b\x08\x00cut", b"\x00\x01\x02"])
def test_bytes_that_are_no_text_refuse_every_mode(tmp_path: Path, data: bytes) -> None:
    """They stay as they are."""
    path = tmp_path / "a.yaml"
    path.write_bytes(data)

    with pytest.raises(CassetteError, match=r"a\.yaml"):
        Cassette.open(path, record_mode="once")

    assert path.read_bytes() == data


def test_a_character_that_yaml_does_not_take_is_placed(tmp_path: Path) -> None:
    """By its line."""
    path = tmp_path / "a.yaml"
    path.write_bytes(b"interactions:\n- request: \x01\n")

    with pytest.raises(CassetteError, match=r"a\.yaml, line 2: is no YAML"):
        Cassette.open(path)


def test_a_folder_is_no_cassette(tmp_path: Path) -> None:
    """That is said, too."""
    with pytest.raises(CassetteError, match="cannot be read"):
        Cassette.open(tmp_path, state=tmp_path / "state")


def test_every_cut_is_noticed(tmp_path: Path) -> None:
    """Wherever the end of a file that was written here is missing."""
    path = tmp_path / "a.yaml"
    with Cassette.open(path, record_mode="once") as cassette:
        request = RecordedRequest(method="POST", url="https://a.test/", body=b"{}")
        cassette.append(request, RecordedResponse(status=200, body=b"first\n\nb\n\n"))
    whole = path.read_text()
    loaded = []
    for end in range(len(whole) - 2):
        path.write_text(whole[:end])
        try:
            Cassette.open(path, record_mode="once")
        except CassetteError:
            continue
        loaded.append(end)

    assert loaded == []


def test_a_broken_file_is_called_what_its_name_says(tmp_path: Path) -> None:
    """A brace at its beginning makes no JSON of YAML."""
    path = tmp_path / "a.json"
    path.write_text('{"interactions": [')

    with pytest.raises(CassetteError, match=r"a\.json, line 1: is no JSON"):
        Cassette.open(path)


@pytest.mark.parametrize("suffix", [".yaml", ".json"])
def test_the_good_file_is_good(tmp_path: Path, suffix: str) -> None:
    """So that the bad ones are bad for their own reason."""
    path = tmp_path / f"a{suffix}"
    path.write_text(GOOD)

    assert len(Cassette.open(path)) == len(yaml.safe_load(GOOD)["interactions"])


def test_a_file_that_never_had_a_version_is_played_and_gets_one(tmp_path: Path) -> None:
    """Where it is whole: vcrpy plays it, too. It gets one when something is added."""
    path = tmp_path / "a.yaml"
    path.write_text(GOOD.removesuffix("version: 1\n"))

    assert len(Cassette.open(path, record_mode="none")) == 2
    with Cassette.open(path, record_mode="new_episodes") as cassette:
        cassette.append(
            RecordedRequest(method="GET", url="https://b/"), RecordedResponse(status=200)
        )

    document = yaml.safe_load(path.read_text())
    assert (len(document["interactions"]), document["version"]) == (3, 1)


def test_a_file_of_an_older_form_is_played(tmp_path: Path) -> None:
    """A bare list, as before vcrpy 1."""
    path = tmp_path / "a.yaml"
    path.write_text(GOOD.removeprefix("interactions:\n").removesuffix("version: 1\n"))

    assert len(Cassette.open(path)) == 2
    with pytest.raises(CassetteError, match="not be added to"):
        Cassette.open(path, record_mode="new_episodes")


def test_an_archive_names_its_damaged_entry(tmp_path: Path) -> None:
    """By its place, as JSON knows no lines, and by what is missing."""
    path = tmp_path / "a.har"
    path.write_text('{"log": {"entries": [{"request": {}}]}}')

    with pytest.raises(CassetteError, match=r"interaction 0: is damaged .'response' is missing"):
        Cassette.open(path)


BEYOND = {
    "status": GOOD.replace("code: 200", "code: 21e+30800", 1),
    "moment": GOOD.replace(
        "      string: B\n", "      string: B\n    llm_recorded_at: 0001-01-01T00:00:00+23:00\n"
    ),
    "gap": GOOD.replace(
        "      string: B\n",
        f"      string: B\n    llm_timing: {{headers_ms: 1, events: '+{'3' * 300}'}}\n",
    ),
    "head": GOOD.replace(
        "      string: B\n", "      string: B\n    llm_timing: {headers_ms: .inf}\n"
    ),
}


@pytest.mark.parametrize("name", BEYOND)
def test_a_number_beyond_all_bounds_is_damage(tmp_path: Path, name: str) -> None:
    """In one short line, without a word of Python's."""
    path = tmp_path / "a.yaml"
    path.write_text(BEYOND[name])

    with pytest.raises(CassetteError, match=r"interaction \d: is damaged") as told:
        Cassette.open(path)
    words = str(told.value).removeprefix(str(path))
    assert "Error" not in words
    assert len(words) < 150


def test_a_damaged_old_file_names_the_line(tmp_path: Path) -> None:
    """Of a bare list, too; and none where it is no YAML list at all."""
    path = tmp_path / "a.yaml"
    path.write_text("- request: {uri: a}\n  response: {}\n")
    with pytest.raises(CassetteError, match="line 1, interaction 0"):
        Cassette.open(path)
    path.write_text('{"requests": [{"uri": "a"}], "responses": [{}]}')
    with pytest.raises(CassetteError, match=r"a\.yaml, interaction 0"):
        Cassette.open(path)


@pytest.mark.parametrize("text", ["a: [", "a: 1", "- request: {}", "- " * 5000])
def test_a_text_without_the_interaction_has_no_line_of_it(text: str) -> None:
    """Nor one that is no YAML."""
    assert line_of(text, 1) is None
