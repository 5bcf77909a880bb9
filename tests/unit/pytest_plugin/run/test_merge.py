"""Bringing the calls of a run into the store."""

from __future__ import annotations

import json
import tempfile
from typing import TYPE_CHECKING

from understudy.pricing import Prices, price_book
from understudy.pytest_plugin.run import RunJournal
from understudy.pytest_plugin.run._merge import merge
from understudy.store import LooseLines, open_store

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

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
