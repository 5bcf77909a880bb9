"""A prune that is killed, at each point that it reaches."""

from __future__ import annotations

import os
import signal
import warnings
from collections import Counter
from datetime import timedelta
from functools import partial
from typing import IO, TYPE_CHECKING

import pytest
from tests.contracts.store_prune import archived
from tests.unit.store.samples import NOON, RUN, call

from understudy.clock import RealClock
from understudy.reports.export import CsvFormat, export_format
from understudy.store import open_store
from understudy.store.retention import Archive, ArchiveFile, PruneOrder, _prune, _steps

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from understudy.store.exports import Batch, ExportTable
    from understudy.store.retention import Format, PruneReport

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this system")

#: Each point, and the how manieth time that it is reached.
_POINTS = [
    *(("marked", 1), ("noted", 1), ("drafted", 1), ("synced", 1), ("verified", 1)),
    *(("renamed", 1), ("deleted", 1), ("deleted", 2), ("forgotten", 1)),
    *(("noted", 2), ("renamed", 2), ("deleted", 3), ("finished", 1), ("given back", 1)),
]
_OLD = [call(event_id=f"{number:032x}", ts=NOON) for number in range(10)]
_NEW = [call(event_id=f"{number:032x}", ts=NOON + timedelta(hours=2)) for number in range(20, 23)]
_BEFORE = NOON + timedelta(hours=1)


@pytest.fixture
def db(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A store with old calls, which are pruned three at a time, six in a file."""
    monkeypatch.setattr(_steps, "CHUNK", 3)
    monkeypatch.setattr(_prune, "_FILE", 6)
    path = tmp_path / "telemetry.db"
    with open_store(path) as store:
        store.write_run(RUN)
        store.write_events([*_OLD, *_NEW])
    return path


class _KillingCsv(CsvFormat):
    """Is killed when it has written a part."""

    def write(self, file: IO[bytes], table: ExportTable, batches: Iterable[Batch]) -> int:
        super().write(file, table, batches)
        file.flush()
        file.truncate(file.tell() // 2)
        os.kill(os.getpid(), signal.SIGKILL)
        raise AssertionError


def killed(prune: Callable[[], object]) -> None:
    """Run in a process of its own that does not come to its end."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # other tests may have left threads
        child = os.fork()
    if not child:
        try:
            prune()
        finally:
            os._exit(1)
    assert os.waitpid(child, 0)[1] == signal.SIGKILL


def kill_at(point: str, times: int) -> Callable[[str, int], None]:
    """Return what kills its process when a point is reached so often."""
    seen: Counter[str] = Counter()

    def watch(reached: str, _: int) -> None:
        seen[reached] += 1
        if (reached, seen[reached]) == (point, times):
            os.kill(os.getpid(), signal.SIGKILL)

    return watch


def prune(
    db: Path, archive: Archive | None, watch: Callable[[str, int], None] = lambda *_: None
) -> PruneReport:
    with open_store(db) as store:
        order = PruneOrder(_BEFORE, archive=archive)
        return store.prune(order, formats=export_format, clock=RealClock(), watch=watch)


def everything(db: Path, folder: Path) -> list[str]:
    """Return the ids of all calls, those in files first, in their order."""
    files = [ArchiveFile(path, "telemetry", 0) for path in sorted(folder.glob("telemetry-*"))]
    with open_store(db) as store:
        kept = [event.event_id for event in store.events("run")]
    return [*(key[0] for _, key in archived(files)), *kept]


@pytest.mark.parametrize(("point", "times"), _POINTS)
def test_a_kill_loses_no_row_and_doubles_none(
    db: Path, tmp_path: Path, point: str, times: int
) -> None:
    """Each stands in one file or in the store, once the next prune has gone on."""
    folder = tmp_path / "archive"
    archive = Archive(folder, CsvFormat())
    killed(partial(prune, db, archive, kill_at(point, times)))

    prune(db, archive)

    assert everything(db, folder) == [event.event_id for event in (*_OLD, *_NEW)]
    assert not list(folder.glob("*.part"))
    with open_store(db) as store:
        assert store.footprint().rows["telemetry"] == len(_NEW)
        (found,) = store.statistics_by_model(since=NOON)
        assert found.attempts == len(_OLD) + len(_NEW)


def test_a_kill_in_the_middle_of_a_file_leaves_none(db: Path, tmp_path: Path) -> None:
    """It never had its name; the next prune writes it anew."""
    folder = tmp_path / "archive"
    killed(partial(prune, db, Archive(folder, _KillingCsv())))
    assert [path.suffix for path in folder.iterdir()] == [".part"]

    report = prune(db, Archive(folder, CsvFormat()))

    assert report.missing == ()
    assert everything(db, folder) == [event.event_id for event in (*_OLD, *_NEW)]
    assert not list(folder.glob("*.part"))


@pytest.mark.parametrize("later", [None, "ndjson"])
def test_what_was_exported_is_not_exported_again(
    db: Path, tmp_path: Path, later: str | None
) -> None:
    """Also where the next prune exports in another way, or not at all."""
    folder = tmp_path / "archive"
    killed(partial(prune, db, Archive(folder, CsvFormat()), kill_at("deleted", 1)))
    form: Format | None = export_format(later) if later else None

    prune(db, None if form is None else Archive(folder, form))

    in_files = [each for each in everything(db, folder) if each in {e.event_id for e in _OLD}]
    assert len(in_files) == len(set(in_files)) == (len(_OLD) if later else 6)


def test_a_file_that_was_moved_away_is_missed(db: Path, tmp_path: Path) -> None:
    """What was left of its rows is exported anew, since nobody knows where it is."""
    folder = tmp_path / "archive"
    archive = Archive(folder, CsvFormat())
    killed(partial(prune, db, archive, kill_at("deleted", 1)))
    (moved,) = folder.iterdir()
    moved.rename(tmp_path / "elsewhere")

    report = prune(db, archive)

    assert report.missing == (moved,)
    assert report.rows["telemetry"] == len(_OLD) - 3
    assert everything(db, folder) == [event.event_id for event in (*_OLD[3:], *_NEW)]
