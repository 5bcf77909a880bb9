"""A parsed cassette is kept, and never trusted further than it fits."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from understudy.cassettes import (
    Cassette,
    Hit,
    Matching,
    RecordedRequest,
    RecordedResponse,
    _contents,
    rewrite,
)

if TYPE_CHECKING:
    from pathlib import Path

    from understudy.cassettes import Interaction


def request(place: int) -> RecordedRequest:
    """Build a request that fills a file."""
    return RecordedRequest(method="POST", url="https://a.test/", body=b"%d " % place * 2000)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A cassette that is worth keeping."""
    place = tmp_path / "a.yaml"
    with Cassette.open(place, record_mode="once") as cassette:
        for turn in range(20):
            body = b"\xff\x00" if turn % 2 else b"text"
            cassette.append(request(turn), RecordedResponse(status=200, body=body))
    return place


def kept(path: Path) -> list[Path]:
    """Return what is kept."""
    return sorted(path.parent.rglob("*.compiled"))


def opened(path: Path, matching: Matching | None = None) -> tuple[Interaction, ...]:
    """Open a cassette and play it all."""
    cassette = Cassette.open(path, matching=matching)
    found = [cassette.find(request(turn)) for turn in range(20)]
    assert all(isinstance(each, Hit) for each in found)
    assert cassette.all_played
    return cassette.interactions


def no_parsing(*_: object) -> None:
    """Stand where nothing may be parsed."""
    pytest.fail("the file was parsed again")


def test_the_second_opening_does_not_parse(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And gives the same."""
    first = opened(path)
    monkeypatch.setattr(_contents, "parse", no_parsing)

    assert opened(path) == first


def test_a_changed_file_is_parsed_again(path: Path) -> None:
    """Though its size and its moment are the same."""
    before = opened(path)
    path.write_text(path.read_text().replace("text", "next"))

    after = opened(path)

    assert {each.response.body for each in before} == {b"text", b"\xff\x00"}
    assert {each.response.body for each in after} == {b"next", b"\xff\x00"}


def test_each_matching_keeps_its_own(path: Path) -> None:
    """Keys differ."""
    opened(path)

    opened(path, Matching(match_on=("method", "raw_body")))

    assert len(kept(path)) == 2


@pytest.mark.parametrize("damage", ["empty", "cut", "flipped", "line", "head", "missing"])
def test_what_is_damaged_is_made_again(path: Path, damage: str) -> None:
    """In silence."""
    first = opened(path)
    (place,) = kept(path)
    data = place.read_bytes()
    flipped = bytearray(data)
    flipped[len(data) // 2] ^= 1
    damaged = {
        "empty": b"",
        "cut": data[:-10],
        "flipped": bytes(flipped),
        "line": data.rpartition(b"\n")[0],
        "head": b"{}\n" + data,
        "missing": data,
    }
    place.write_bytes(damaged[damage])
    if damage == "missing":
        place.unlink()

    assert opened(path) == first
    assert place.read_bytes() == data


def test_what_was_kept_can_be_added_to(path: Path) -> None:
    """Without a trace of where it came from."""
    Cassette.open(path).close()

    with Cassette.open(path, record_mode="new_episodes") as cassette:
        cassette.append(request(99), RecordedResponse(status=200, body=b"new"))

    assert [each.response.body for each in Cassette.open(path).interactions][-1] == b"new"
    assert len(Cassette.open(path)) == 21


def test_a_folder_that_cannot_be_written_keeps_nothing(path: Path, tmp_path: Path) -> None:
    """And is no reason to fail."""
    state = tmp_path / "a-file"
    state.touch()

    assert len(Cassette.open(path, state=state)) == 20


def test_what_was_taken_out_of_a_file_is_not_kept(path: Path) -> None:
    """Nor in any form of it that somebody else may open."""
    opened(path)
    opened(path, Matching(match_on=("method", "raw_body")))

    rewrite(path, lambda old: replace(old, response=replace(old.response, body=b"scrubbed")))

    assert kept(path) == []


def test_a_disk_that_takes_nothing_is_no_reason_to_fail(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And no half of anything stays behind."""

    def fails(self: Path, target: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pathlib.Path.replace", fails)

    opened(path)

    assert [each.name for each in kept(path)] == []
    assert not list(path.parent.rglob(".*compiled*"))
