"""A disk that is full, or a folder that cannot be written, costs no recorded call."""

from __future__ import annotations

import tempfile
from errno import EACCES, ENOSPC
from pathlib import Path
from typing import Any

import pytest

from understudy.cassettes import Cassette, RecordedRequest, RecordedResponse, _cassette_file
from understudy.cassettes._state import State
from understudy.durable import Journal
from understudy.errors import CassetteError, CassetteNotSavedError


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cassette, beside a temporary folder of the test's own."""
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    return tmp_path / "tests/cassettes/a.yaml"


def record(cassette: Cassette, *turns: int) -> None:
    for turn in turns:
        request = RecordedRequest(method="POST", url="https://a.test/", body=b"%d" % turn)
        cassette.append(request, RecordedResponse(status=200, body=b"answer"))


def fill(patched: pytest.MonkeyPatch, place: Path) -> None:
    """Let the disk below `place` take nothing more."""
    append = Journal.append

    def take(journal: Journal, line: bytes) -> None:
        if journal.path.is_relative_to(place):
            refuse()
        append(journal, line)

    def refuse(*_: object) -> None:
        raise OSError(ENOSPC, "No space left on device")

    patched.setattr(Journal, "append", take)
    patched.setattr(_cassette_file, "write_atomically", refuse)


def test_what_the_disk_does_not_take_is_in_the_file_after_the_next_opening(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All of it, in order; the error names the cassette, the cause and where it is kept."""
    cassette = Cassette.open(path, record_mode="once")
    record(cassette, 0, 1)
    with monkeypatch.context() as patched:
        fill(patched, path.parent)
        record(cassette, 2, 3, 4)
        with pytest.raises(CassetteNotSavedError) as told:
            cassette.close()

    kept = [*State.of(path, None).folder.glob("*.jsonl"), *State.of(path, None).spare.iterdir()]
    text = str(told.value)
    assert text.startswith(f"{path}: cannot be written: No space left on device. ")
    assert "(5 interactions) is kept in" in text
    assert all(str(each) in text for each in kept)
    bodies = [each.request.body for each in Cassette.open(path).interactions]
    assert bodies == [b"0", b"1", b"2", b"3", b"4"]
    assert not any(each.exists() for each in kept)


def test_a_folder_that_cannot_be_written_is_told_as_a_cassettes_error(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And what was recorded waits until it can be."""
    refused = PermissionError(EACCES, "Permission denied")
    make = Path.mkdir

    def mkdir(place: Path, *args: Any, **options: Any) -> None:
        if place.is_relative_to(path.parent.parent):
            raise refused
        make(place, *args, **options)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "mkdir", mkdir)
        cassette = Cassette.open(path, record_mode="once")
        record(cassette, 0, 1)
        with pytest.raises(CassetteError, match=r"Permission denied.*\(2 interactions\) is kept"):
            cassette.close()

    assert len(Cassette.open(path)) == 2


def test_a_spare_folder_that_others_can_write_to_is_not_used(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever could put a journal there could put it into the cassette; then the error says so."""
    spare = State.of(path, None).spare
    spare.mkdir(parents=True)
    root = spare.parent.parent
    root.chmod(0o777)
    (spare / "once-1-a.jsonl").write_text("{}")

    with monkeypatch.context() as patched:
        fill(patched, path.parent)
        cassette = Cassette.open(path, record_mode="once")
        record(cassette, 1)
        with pytest.raises(CassetteError, match=r"be kept elsewhere either: .* is another user's"):
            cassette.close()

    assert [each.name for each in spare.iterdir()] == ["once-1-a.jsonl"]
