"""What a run played is kept, and tells what nothing needs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from understudy.cassettes.played import PlayedInteractions, find_orphans, read_played
from understudy.errors import CassetteError

if TYPE_CHECKING:
    from pathlib import Path


def cassette(path: Path, count: int = 2) -> Path:
    """Write a cassette of so many interactions."""
    one: dict[str, Any] = {
        "request": {"method": "POST", "uri": "https://h/p?key=x", "headers": {}, "body": ""},
        "response": {"status": {"code": 200, "message": ""}, "headers": {}, "body": {"string": ""}},
    }
    path.write_text(json.dumps({"version": 1, "interactions": [one] * count}))
    return path


def ran(
    path: Path, *played: int, passed: bool = True, folder: str | Path = "/"
) -> PlayedInteractions:
    """Return the record of a run of one test."""
    plays = PlayedInteractions(folders=[str(folder)])
    plays.names(path, "test_a.py::test_it")
    for index in played:
        plays.played(path, index)
    plays.ended(path, "test_a.py::test_it", passed=passed)
    return plays


def test_a_record_is_read_as_it_was_written(tmp_path: Path) -> None:
    """The folder is made, and ignores itself."""
    file = tmp_path / ".understudy/cassettes-played.json"
    plays = ran(tmp_path / "a.yaml", 1, 0)
    plays.recorded(tmp_path / "b.yaml")

    plays.write(file)

    assert read_played(file).as_json() == plays.as_json()
    assert (file.parent / ".gitignore").read_text() == "*\n"


def test_what_the_workers_saw_is_put_together(tmp_path: Path) -> None:
    """A test that failed anywhere did not pass; what one played is played."""
    path = tmp_path / "a.yaml"
    collected = PlayedInteractions()
    collected.names(path, "test_a.py::test_it")

    together = PlayedInteractions.merged(
        [
            ran(path, 0).as_json(),
            collected.as_json(),
            ran(path, 1, passed=False).as_json(),
        ],
        folders=["."],
    )

    told = together.cassettes[str(path)]
    assert (together.whole, told.played, told.tests) == (
        True,
        {0, 1},
        {"test_a.py::test_it": False},
    )


def test_a_file_that_no_test_names_is_an_orphan(tmp_path: Path) -> None:
    """Where all tests were collected."""
    known, lost = cassette(tmp_path / "a.json"), cassette(tmp_path / "b.json")

    found = find_orphans([known, lost], ran(known, 0, 1))

    assert (found.files, found.unplayed) == ((lost,), ())


def test_a_part_of_the_tests_says_nothing_about_files(tmp_path: Path) -> None:
    """`pytest -k` collects fewer, `pytest tests/one` those of a folder."""
    lost = cassette(tmp_path / "b.json")
    (tmp_path / "one").mkdir()
    found = cassette(tmp_path / "one/c.json")

    plays = ran(tmp_path / "a.json", folder=tmp_path / "one")

    assert find_orphans([lost, found], plays).files == (found,)


def test_a_part_of_the_tests_says_nothing_about_interactions(tmp_path: Path) -> None:
    """Another test may share the cassette."""
    path = cassette(tmp_path / "a.json", 2)

    assert find_orphans([path], ran(path, 0, folder=tmp_path / "one")).unplayed == ()


def test_what_was_not_played_is_told(tmp_path: Path) -> None:
    """Without the query, where a key may stand."""
    path = cassette(tmp_path / "a.json", 3)

    found = find_orphans([path], ran(path, 1))

    assert [(each.index, each.method, each.url) for each in found.unplayed] == [
        (0, "POST", "https://h/p"),
        (2, "POST", "https://h/p"),
    ]


@pytest.mark.parametrize("change", ["failed", "written", "not run"])
def test_a_run_that_tells_nothing_is_not_believed(tmp_path: Path, change: str) -> None:
    """A test that failed may not have come to its calls; a new recording has new places."""
    path = cassette(tmp_path / "a.json")
    plays = ran(path, 0, passed=change != "failed")
    if change == "written":
        plays.recorded(path)
    if change == "not run":
        plays.names(path, "test_a.py::test_skipped")

    assert find_orphans([path], plays).unplayed == ()


def test_a_damaged_cassette_is_told(tmp_path: Path) -> None:
    """And the others are judged."""
    path = tmp_path / "a.json"
    path.write_text("")

    assert "is empty" in find_orphans([path], ran(path)).unread[0]


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"version": 2}', '{"version": 1, "folders": [], "cassettes": []}']
)
def test_a_damaged_record_is_no_record(tmp_path: Path, text: str) -> None:
    """It names the file."""
    file = tmp_path / "played.json"
    file.write_text(text)

    with pytest.raises(CassetteError, match="is no record of a run"):
        read_played(file)


@pytest.mark.parametrize("name", [".", "x" * 300])
def test_what_cannot_be_read_is_told_as_that(tmp_path: Path, name: str) -> None:
    """In words, and nobody is told to remove a folder."""
    with pytest.raises(CassetteError, match=r"cannot be read: [A-Z][a-z ]+$"):
        read_played(tmp_path / name)


def test_a_missing_record_says_what_to_run(tmp_path: Path) -> None:
    """Nothing is guessed."""
    with pytest.raises(CassetteError, match="Run `pytest`"):
        read_played(tmp_path / "none.json")
