"""Files that cannot be written, or not be read back."""

from __future__ import annotations

from datetime import timedelta
from typing import IO, TYPE_CHECKING, Any

import pytest
from tests.unit.store.samples import NOON, RUN, call

from understudy.clock import RealClock
from understudy.errors import StoreError
from understudy.reports.export import CsvFormat, export_format
from understudy.store import open_store
from understudy.store.retention import Archive, PruneOrder

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from understudy.store import Store
    from understudy.store.exports import Batch, ExportTable


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Yield a store with two calls."""
    with open_store(tmp_path / "telemetry.db") as store:
        store.write_run(RUN)
        store.write_events([call(), call()])
        yield store


def prune(store: Store, archive: Archive) -> None:
    order = PruneOrder(NOON + timedelta(hours=1), archive=archive)
    store.prune(order, formats=export_format, clock=RealClock())


class _Full(CsvFormat):
    """Meets a full disk."""

    def write(self, file: IO[bytes], table: ExportTable, batches: Iterable[Batch]) -> int:
        super().write(file, table, batches)
        raise OSError(28, "No space left on device")


class _Forgetful(CsvFormat):
    """Loses a row on the way."""

    def keys(self, path: Path, table: ExportTable) -> Iterator[tuple[Any, ...]]:
        first, *_ = super().keys(path, table)
        yield first


class _Garbling(CsvFormat):
    """Writes what nobody can read."""

    def write(self, file: IO[bytes], table: ExportTable, batches: Iterable[Batch]) -> int:
        number = super().write(file, table, batches)
        file.write(b"half a line\r\n")
        return number


@pytest.mark.parametrize(
    ("form", "words"),
    [
        (_Full(), r"\.part cannot be written: No space left on device; its rows stay"),
        (_Forgetful(), r"\.part holds 1 rows instead of 2; they stay in the store"),
        (_Garbling(), r"\.part is no whole file of csv \(a line of 1 cells .*its rows stay"),
    ],
)
def test_nothing_is_deleted_that_does_not_stand_in_a_file(
    store: Store, tmp_path: Path, form: CsvFormat, words: str
) -> None:
    """No half file is left, and the next prune begins anew."""
    folder = tmp_path / "archive"

    with pytest.raises(StoreError, match=words):
        prune(store, Archive(folder, form))

    assert len(store.events("run")) == 2
    assert list(folder.iterdir()) == []
    prune(store, Archive(folder, CsvFormat()))
    assert store.events("run") == []


def test_a_file_that_is_there_is_never_replaced(store: Store, tmp_path: Path) -> None:
    """It holds the rows of an earlier prune."""
    first, last = sorted(event.event_id for event in store.events("run"))
    name = f"telemetry-{first}-{last}"
    (tmp_path / f"{name}.csv").write_text("before")

    prune(store, Archive(tmp_path, CsvFormat()))

    assert (tmp_path / f"{name}.csv").read_text() == "before"
    assert (tmp_path / f"{name}-2.csv").is_file()


def test_prompts_of_any_length_are_read_back(store: Store, tmp_path: Path) -> None:
    """Longer than Python's reader of CSV takes by itself."""
    store.write_events([call(request_content="x\r\n" * 100_000)])

    prune(store, Archive(tmp_path, CsvFormat()))

    assert store.events("run") == []
