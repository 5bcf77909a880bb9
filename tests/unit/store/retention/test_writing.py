"""Which journals hold a prune back."""

from __future__ import annotations

import os
from contextlib import closing
from datetime import timedelta
from typing import TYPE_CHECKING

from tests.unit.store.samples import NOON, call, event_line, line, write_journal

from understudy.durable import Journal, RunJournals, journal_path
from understudy.store.retention import Writing, writing

if TYPE_CHECKING:
    from pathlib import Path

_DAY = timedelta(days=1)


def test_without_journals_nothing_is_held_back(tmp_path: Path) -> None:
    """Nor where their folder is missing."""
    assert writing(tmp_path) == writing(tmp_path / "nowhere") == Writing()
    assert Writing().order(NOON).before == NOON


def test_a_journal_that_waits_spares_its_run(tmp_path: Path) -> None:
    """The store may hold a part of it."""
    write_journal(tmp_path, event_line(call()))

    assert writing(tmp_path) == Writing(spared=frozenset({"run"}))


def test_a_run_that_still_writes_is_kept_and_what_it_may_yet_tell(tmp_path: Path) -> None:
    """A call is written when it has ended, which takes a day at most."""
    claim = RunJournals.begin(tmp_path, "run")
    path = journal_path(tmp_path, "run", "main")
    with closing(Journal.open(path)) as journal:
        for each in (b"noise", line("run", started="2020-01-01T00:00:00Z"), line("model", ts="x")):
            journal.append(each)
        os.utime(path, times=(0, (NOON + _DAY).timestamp()))
        silent = writing(tmp_path)
        journal.append(line("model", ts=(NOON + _DAY / 2).timestamp()))
        with closing(Journal.open(path.with_name("gw0.jsonl"))) as other:
            other.append(line("model", ts=NOON.isoformat()))

        found = writing(tmp_path)

    claim.release()
    assert silent == Writing(kept=frozenset({"run"}), since=NOON)  # whenever it began
    assert found == Writing(kept=frozenset({"run"}), since=NOON - _DAY)
    assert found.order(NOON).before == NOON - _DAY
    assert found.order(NOON - 2 * _DAY).before == NOON - 2 * _DAY


def test_a_run_that_has_told_nothing_yet_is_spared(tmp_path: Path) -> None:
    """Nobody knows since when it writes."""
    claim = RunJournals.begin(tmp_path, "run")

    found = writing(tmp_path)

    claim.release()
    assert found == Writing(spared=frozenset({"run"}))
