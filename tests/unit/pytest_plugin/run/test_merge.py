"""Bringing the calls of a run into the store."""

from __future__ import annotations

import json
import os
import tempfile
from typing import TYPE_CHECKING

import pytest

from understudy.pricing import Prices, price_book
from understudy.pytest_plugin.run import RunJournal
from understudy.pytest_plugin.run._merge import merge
from understudy.store import LooseLines, open_store

if TYPE_CHECKING:
    from pathlib import Path

RUN = b'{"kind":"run","started":1}'
CALL = (
    b'{"kind":"event","event_type":"llm_call","event_id":"1","call_id":"1","ts":1,'
    b'"request_model":"m","input_tokens":1,"output_tokens":1}'
)


def journal(location: Path) -> RunJournal:
    """Return the journal of a run, which is not open."""
    return RunJournal("run", "main", str(location), location.with_name("journals"))


def prices() -> Prices:
    """Return a table that knows `m`."""
    table = Prices()
    table.register("m", input=1, output=1)
    return table


def test_loose_lines_are_stored_and_priced(tmp_path: Path) -> None:
    """No file is left besides the store."""
    location = tmp_path / "calls.db"
    loose = [LooseLines("run", "gw0", [RUN, CALL])]

    merged = merge(journal(location), price_book(prices()), loose)

    assert merged.stranded is None
    assert merged.report.failure is None
    with open_store(location, create=False) as store:
        (event,) = store.events("run")
    assert (event.worker, getattr(event, "cost_nanousd", None)) == ("gw0", 2000)


def test_what_nobody_takes_is_put_into_a_temporary_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As lines of a journal, of all workers."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    blocked = tmp_path / "file"
    blocked.touch()
    loose = [LooseLines("run", "gw0", [CALL]), LooseLines("run", "gw1", [CALL])]

    merged = merge(journal(blocked / "calls.db"), price_book(), loose)

    assert merged.report.failure is not None
    assert len(merged.report.events) == 1
    assert merged.stranded is not None
    kinds = [json.loads(line)["kind"] for line in merged.stranded.read_text().splitlines()]
    assert kinds == ["event", "event"]


def test_where_there_is_no_room_at_all_they_are_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The report has them all the same, for the summary and the budget."""
    blocked = tmp_path / "file"
    blocked.touch()
    monkeypatch.setattr(tempfile, "tempdir", str(blocked))

    merged = merge(journal(blocked / "calls.db"), price_book(), [LooseLines("run", "gw0", [CALL])])

    assert merged.stranded is None
    assert len(merged.report.events) == 1


def test_rejected_lines_without_a_journal_are_counted(tmp_path: Path) -> None:
    """There is no folder to put them in."""
    loose = [LooseLines("run", "gw0", [RUN, b"rubbish", CALL])]

    merged = merge(journal(tmp_path / "calls.db"), price_book(prices()), loose)

    assert merged.report.rejected == 1
    assert merged.report.written == 1


def stranded_by(location: Path, run_id: str = "run") -> Path:
    """Return where the call of a run went whose store could not be written."""
    location.parent.touch()
    loose = [LooseLines(run_id, "gw0", [RUN, CALL.replace(b'"1"', f'"{run_id}"'.encode())])]
    stranded = merge(journal(location), price_book(), loose).stranded
    location.parent.unlink()
    assert stranded is not None
    return stranded


def test_the_next_run_takes_what_is_in_the_temporary_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of its own store, under the names of the runs and workers that it is of; once."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    location, other = tmp_path / "a" / "calls.db", tmp_path / "b" / "calls.db"
    first, second, foreign = stranded_by(location), stranded_by(location, "2nd"), stranded_by(other)

    merged = merge(journal(location), price_book(prices()), [])

    assert (merged.report.written, merged.report.rejected) == (2, 0)
    assert not first.exists()
    assert not second.exists()
    assert foreign.exists()
    with open_store(location, create=False) as store:
        (event,) = store.events("2nd")
    assert (event.worker, getattr(event, "cost_nanousd", None)) == ("gw0", 2000)
    assert merge(journal(location), price_book(), []).report.events == ()


def test_what_is_still_in_nobodys_store_stays_in_the_temporary_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And is not written there again."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    location = tmp_path / "a" / "calls.db"
    first = stranded_by(location)

    again = stranded_by(location, "2nd")

    assert first.exists()
    assert b'"2nd"' in again.read_bytes()
    assert b'"run"' not in again.read_bytes().replace(b'"kind":"run"', b"")


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="who may read a file is told otherwise there")
@pytest.mark.parametrize("change", ["others may read it", "a link", "a second name", "no file"])
def test_what_may_be_somebody_elses_is_not_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    """The temporary folder is everybody's."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    location = tmp_path / "a" / "calls.db"
    path = stranded_by(location)
    if change == "others may read it":
        path.chmod(0o644)
    elif change == "a second name":
        path.with_name("other").hardlink_to(path)
    else:
        target = path.rename(path.with_name("other"))
        path.symlink_to(target) if change == "a link" else path.mkdir()

    merged = merge(journal(location), price_book(), [])

    assert merged.report.events == ()
    assert os.path.lexists(path)


def test_a_run_without_calls_leaves_nothing_in_the_temporary_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """That it was is no loss."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    blocked = tmp_path / "file"
    blocked.touch()
    phase = b'{"kind":"phase","phase_id":"t.py::t","rerun":0}'

    merged = merge(
        journal(blocked / "c.db"), price_book(), [LooseLines("run", "main", [RUN, phase])]
    )

    assert (merged.stranded, merged.is_idle) == (None, True)
    assert list(tmp_path.glob("understudy-*")) == []
