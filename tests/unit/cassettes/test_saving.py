"""A cassette's file is whole at every moment, and holds what everybody recorded."""

from __future__ import annotations

import gzip
import json
import os
import sys
from threading import Thread
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from understudy.cassettes import (
    Cassette,
    Hit,
    Interaction,
    RecordedRequest,
    RecordedResponse,
    _cassette_file,
    _state,
    load_interactions,
    rewrite,
)
from understudy.durable import Journal
from understudy.errors import CassetteError, JournalError

if TYPE_CHECKING:
    from pathlib import Path


def request(name: str) -> RecordedRequest:
    """Build a request."""
    return RecordedRequest(method="POST", url=f"https://api.test/{name}", body=b"{}")


def response(text: str) -> RecordedResponse:
    """Build a response."""
    return RecordedResponse(status=200, reason="OK", body=text.encode())


def record(cassette: Cassette, *names: str) -> None:
    """Record each name."""
    for name in names:
        cassette.append(request(name), response(name))


def saved(path: Path) -> list[str]:
    """Return what a file holds, read by nobody of ours."""
    document = yaml.safe_load(path.read_text())
    return [each["response"]["body"]["string"] for each in document["interactions"]]


def journals(folder: Path) -> list[Path]:
    """Return the journals that lie about."""
    return sorted(folder.rglob("*.jsonl"))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A cassette's file."""
    return tmp_path / "cassettes" / "a.yaml"


def test_an_opened_cassette_that_records_nothing_leaves_no_file(path: Path) -> None:
    """Nor its journal."""
    Cassette.open(path, record_mode="once").close()

    assert not path.exists()
    assert not journals(path.parent)


def test_replaying_makes_no_state(path: Path) -> None:
    """A small cassette is not worth it."""
    with Cassette.open(path, record_mode="once", state=path.parent / "one") as cassette:
        record(cassette, "A")

    Cassette.open(path, state=path.parent / "two").close()

    assert not (path.parent / "two").exists()


def test_cassettes_that_are_open_together_keep_what_all_recorded(path: Path) -> None:
    """Also where the mode is for new files only: the file was new to both."""
    first = Cassette.open(path, record_mode="once")
    second = Cassette.open(path, record_mode="once")
    record(first, "A")
    record(second, "B")
    first.close()
    third = Cassette.open(path, record_mode="once")

    record(third, "C")
    second.close()
    third.close()

    assert saved(path) == ["A", "B", "C"]
    assert Cassette.open(path, record_mode="once").write_protected


def test_re_recording_replaces_only_what_was_there_when_it_began(path: Path) -> None:
    """Not what another records at the same time."""
    with Cassette.open(path, record_mode="once") as cassette:
        record(cassette, "A")
    first = Cassette.open(path, record_mode="all")
    second = Cassette.open(path, record_mode="all")
    for cassette, name in ((first, "one"), (second, "two")):
        cassette.append(request("A"), response(name))
        cassette.append(request("A"), response(name))

    first.close()
    second.close()

    assert saved(path) == ["one", "one", "two", "two"]


def test_saving_twice_writes_nothing_twice(path: Path) -> None:
    """Closing saves once more."""
    with Cassette.open(path, record_mode="all") as cassette:
        record(cassette, "A")
        cassette.save()
        record(cassette, "A", "B")
        cassette.save()
        cassette.save()

    assert saved(path) == ["A", "A", "B"]
    cassette.close()


def test_adding_to_a_file_changes_nothing_else_in_it(path: Path) -> None:
    """A line that was there is there."""
    with Cassette.open(path, record_mode="once") as cassette:
        record(cassette, "A", "B")
    before = path.read_text()

    with Cassette.open(path, record_mode="new_episodes") as cassette:
        record(cassette, "C")

    added = path.read_text()
    assert added.startswith(before.removesuffix("version: 1\n"))
    assert added.endswith("version: 1\n")


def test_what_is_nobodys_here_is_kept(path: Path) -> None:
    """Keys of other recorders, structured bodies, metadata, dates."""
    path.parent.mkdir()
    document: dict[str, Any] = {
        "interactions": [
            {
                "request": {"method": "GET", "uri": "https://a.test/", "headers": {}, "body": None},
                "response": {
                    "status": {"code": 200, "message": "OK"},
                    "headers": {"a": ["b"]},
                    "parsed_body": {"text": "x", "float": 1e20},
                },
                "recorded_at": "Fri",
            }
        ],
        "version": 1,
        "metadata": {"seed": 7},
    }
    path.write_text(yaml.dump(document))

    with Cassette.open(path, record_mode="new_episodes") as cassette:
        record(cassette, "B")

    read = yaml.safe_load(path.read_text())
    assert read["interactions"][0] == document["interactions"][0]
    assert read["metadata"] == {"seed": 7}


def test_a_yaml_date_of_somebodys_is_kept(path: Path) -> None:
    """Though JSON has no form for it."""
    path.parent.mkdir()
    path.write_text(
        "interactions:\n- request: {method: GET, uri: 'https://a.test/', headers: {}, body: ''}\n"
        "  response: {status: {code: 200, message: OK}, headers: {}, body: {string: a}}\n"
        "  when: 2026-11-20\n  since: 2026-11-20 10:00:00\nversion: 1\n"
    )

    with Cassette.open(path, record_mode="all") as cassette:
        record(cassette, "B")

    assert "when: 2026-11-20\n  since: 2026-11-20 10:00:00\n" in path.read_text()


def test_a_save_that_fails_leaves_the_old_file_and_the_journal(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And the next opening puts in what was recorded."""
    with Cassette.open(path, record_mode="once") as cassette:
        record(cassette, "A")
    before = path.read_text()
    cassette = Cassette.open(path, record_mode="new_episodes")
    record(cassette, "B")

    def full(place: Path, data: bytes) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(_cassette_file, "write_atomically", full)
        with pytest.raises(OSError, match="No space"):
            cassette.close()
        assert path.read_text() == before
        assert len(Cassette.open(path)) == 1
    cassette.close()

    assert len(Cassette.open(path)) == 2
    assert saved(path) == ["A", "B"]
    assert not journals(path.parent)


def test_a_file_that_was_broken_while_it_was_recorded_is_not_overwritten(path: Path) -> None:
    """What was recorded waits in the journal until the file is whole again."""
    with Cassette.open(path, record_mode="once") as cassette:
        record(cassette, "A")
    whole = path.read_text()
    cassette = Cassette.open(path, record_mode="new_episodes")
    record(cassette, "B")
    path.write_text("<<<<<<< HEAD\n")

    with pytest.raises(CassetteError, match="line 1"):
        cassette.close()

    assert path.read_text() == "<<<<<<< HEAD\n"
    path.write_text(whole)
    assert [each.response.body for each in Cassette.open(path).interactions] == [b"A", b"B"]


def test_a_journal_is_recovered_once(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Though its process was killed after it wrote the file and before it removed the journal."""
    cassette = Cassette.open(path, record_mode="once")
    record(cassette, "A", "A")
    with monkeypatch.context() as patched:
        patched.setattr(_state.RecordingJournal, "close", lambda *_, **__: None)
        cassette.save()
    left = [each.read_bytes() for each in journals(path.parent)]
    cassette.close()
    for place, content in enumerate(left):
        folder = next((path.parent / ".understudy/cassettes").iterdir())
        (folder / f"once-1-{place}.jsonl").write_bytes(content)

    assert len(Cassette.open(path)) == 2
    assert not journals(path.parent)


def test_a_recovered_re_recording_replaces(path: Path) -> None:
    """As it would have."""
    with Cassette.open(path, record_mode="once") as cassette:
        record(cassette, "A", "B")
    cassette = Cassette.open(path, record_mode="all")
    cassette.append(request("A"), response("again"))
    (journal,) = journals(path.parent)
    content = journal.read_bytes()
    cassette.close()
    path.write_text(path.read_text().replace("again", "A"))
    journal.write_bytes(content + b'{"torn')

    Cassette.open(path)

    assert saved(path) == ["again", "B"]


def test_a_journal_that_cannot_be_written_costs_nothing_but_itself(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The call was paid for: it is recorded all the same."""

    def fails(*_: object) -> None:
        msg = "disk full"
        raise JournalError(msg)

    with monkeypatch.context() as patched:
        patched.setattr(Journal, "append", fails)
        with Cassette.open(path, record_mode="once") as cassette:
            record(cassette, "A")
        patched.setattr(Journal, "open", fails)
        with Cassette.open(path, record_mode="new_episodes") as cassette:
            record(cassette, "B")

    assert saved(path) == ["A", "B"]


def test_threads_share_a_cassette(path: Path) -> None:
    """Fifty of them lose nothing and mix nothing up."""
    names = [[f"{thread}-{turn}" for turn in range(10)] for thread in range(50)]
    cassette = Cassette.open(path, record_mode="once")

    def run(each: list[str], *, play: bool) -> None:
        for name in each:
            found = cassette.find(request(name))
            if not play:
                cassette.append(request(name), response(name))
            elif not (isinstance(found, Hit) and found.recorded.response.body == name.encode()):
                wrong.append(name)

    def run_all(*, play: bool) -> None:
        threads = [Thread(target=run, args=(each,), kwargs={"play": play}) for each in names]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    wrong: list[str] = []
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    try:
        run_all(play=False)
        cassette.close()
        cassette = Cassette.open(path)
        run_all(play=True)
    finally:
        sys.setswitchinterval(interval)

    assert not wrong
    assert cassette.all_played
    assert len(cassette) == 500


def test_a_link_to_a_cassette_stays_a_link(tmp_path: Path, path: Path) -> None:
    """What it points to is written."""
    path.parent.mkdir()
    link = tmp_path / "link.yaml"
    link.symlink_to(path)

    with Cassette.open(link, record_mode="once") as cassette:
        record(cassette, "A")

    assert link.is_symlink()
    assert saved(path) == ["A"]


@pytest.mark.skipif(os.name == "nt", reason="rights are others there")
def test_a_file_has_the_rights_of_any_file(path: Path) -> None:
    """And keeps those that it has."""
    plain = path.parent / "plain"
    with Cassette.open(path, record_mode="once") as cassette:
        record(cassette, "A")
    plain.touch()
    assert path.stat().st_mode == plain.stat().st_mode
    path.chmod(0o600)

    with Cassette.open(path, record_mode="new_episodes") as cassette:
        record(cassette, "B")

    assert path.stat().st_mode & 0o777 == 0o600


def test_a_gzipped_file_is_the_same_for_the_same_content(tmp_path: Path) -> None:
    """It holds no moment of its own."""
    path = tmp_path / "a.yaml.gz"
    with Cassette.open(path, record_mode="once") as cassette:
        record(cassette, "A")
    before = path.read_bytes()

    assert rewrite(path, lambda each: each) == 0
    assert rewrite(path, lambda each: Interaction(each.request, response("B"))) == 1
    assert rewrite(path, lambda each: Interaction(each.request, response("B"))) == 0

    assert before != path.read_bytes()
    assert "string: B" in gzip.decompress(path.read_bytes()).decode()


def test_rewriting_changes_only_what_comes_back_changed(path: Path) -> None:
    """None drops an interaction."""
    with Cassette.open(path, record_mode="once") as cassette:
        record(cassette, "A", "B", "C")
    changes = {b"A": None, b"B": response("BB")}

    def change(recorded: Interaction) -> Interaction | None:
        body = recorded.response.body
        new = changes.get(body, recorded.response)
        return None if new is None else Interaction(recorded.request, new)

    assert rewrite(path, change) == 2

    assert saved(path) == ["BB", "C"]
    assert [each.response.body for each in load_interactions(path)] == [b"BB", b"C"]


def test_an_archive_can_be_played_but_not_added_to(tmp_path: Path) -> None:
    """That is said before any call is made."""
    path = tmp_path / "a.har"
    entry = {
        "request": {"method": "GET", "url": "https://api.test/A", "headers": []},
        "response": {"status": 200, "statusText": "", "headers": [], "content": {"text": "A"}},
    }
    path.write_text(json.dumps({"log": {"entries": [entry]}}))

    found = Cassette.open(path).find(RecordedRequest(method="GET", url="https://api.test/A"))

    assert isinstance(found, Hit)
    assert found.recorded.response.body == b"A"
    assert Cassette.open(path, record_mode="once").write_protected
    with pytest.raises(CassetteError, match="not be added to"):
        Cassette.open(path, record_mode="all")
    with pytest.raises(CassetteError, match="not be added to"):
        rewrite(path, lambda _: None)


def test_what_has_no_form_is_refused_and_nothing_is_written(path: Path) -> None:
    """Say, a set for a view."""
    cassette = Cassette.open(path, record_mode="once")
    cassette.append(request("A"), RecordedResponse(status=200, view={"a": {1, 2}}))

    with pytest.raises(CassetteError, match="set has no form"):
        cassette.close()

    assert not path.exists()


def test_a_lock_that_is_never_given_back_is_said(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a minute; here at once."""
    monkeypatch.setattr(_cassette_file, "_PATIENCE_SECONDS", 0.0)
    cassette = Cassette.open(path, record_mode="once")
    record(cassette, "A")
    lock = cassette._file.state.lock
    assert lock.acquire()

    with pytest.raises(CassetteError, match="another process"):
        cassette.close()

    lock.release()
    assert "1 interactions, record mode none" in repr(Cassette.open(path))


def test_a_cassette_that_somebody_removed_is_written_anew(path: Path) -> None:
    """With what was recorded since it was opened."""
    with Cassette.open(path, record_mode="once") as cassette:
        record(cassette, "A")
    with Cassette.open(path, record_mode="new_episodes") as cassette:
        record(cassette, "B")
        path.unlink()

    assert saved(path) == ["B"]


def test_a_journal_that_vanishes_while_it_is_looked_at_is_nobodys(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its owner has just saved what it held."""

    def gone(_: Path) -> bool:
        raise FileNotFoundError

    with Cassette.open(path, record_mode="once"):
        monkeypatch.setattr(_state, "is_alive", gone)

        assert len(Cassette.open(path)) == 0


def test_a_line_of_a_journal_that_was_cut_off_costs_nothing_but_itself(path: Path) -> None:
    """A full disk may cut one in the middle."""
    cassette = Cassette.open(path, record_mode="once")
    record(cassette, "A")
    (journal,) = journals(path.parent)
    line = journal.read_bytes()
    cassette.close()
    path.unlink()
    journal.write_bytes(b'{"request": {\n[]\n' + line)

    assert [each.response.body for each in Cassette.open(path).interactions] == [b"A"]


def test_what_comes_after_the_end_is_saved_at_once(path: Path) -> None:
    """A stream that nobody closed may end when its test is over."""
    cassette = Cassette.open(path, record_mode="once")
    record(cassette, "A")
    cassette.close()

    record(cassette, "B")

    assert saved(path) == ["A", "B"]
    assert not journals(path.parent)


def test_what_no_journal_holds_may_be_saved_again(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is not forgotten while the file could not be written."""

    def fails(*_: object) -> None:
        raise OSError(28, "No space left on device")

    cassette = Cassette.open(path, record_mode="once")
    with monkeypatch.context() as patched:
        patched.setattr(Journal, "append", fails)
        patched.setattr(_cassette_file, "write_atomically", fails)
        record(cassette, "A")
        with pytest.raises(OSError, match="No space"):
            cassette.close()

    cassette.close()

    assert saved(path) == ["A"]


def test_a_journal_that_somebody_begins_to_write_is_left_alone(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Though it looked like a dead one a moment before."""
    cassette = Cassette.open(path, record_mode="once")
    found = journals(path.parent)
    monkeypatch.setattr(_state.State, "journals", lambda _, *, alive: [] if alive else found)

    assert len(Cassette.open(path)) == 0

    assert journals(path.parent) == found
    cassette.close()
