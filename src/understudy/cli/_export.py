"""`understudy export`: stored rows as NDJSON, CSV or Parquet."""

from __future__ import annotations

import json
import sys
from contextlib import closing, contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final

from ..durable import replacing
from ..errors import SettingsError, StoreError, counted, printable
from ._command import Commands, finish
from ._progress import Progress
from ._selection import add_selection, selected_run

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable, Iterator

    from ..store import Store
    from ..store.exports import Batch, ExportTable
    from ..store.retention import Format

_FORMATS: Final = ("ndjson", "csv", "parquet")
_TABLES: Final = (
    *("estimates", "calls", "telemetry", "lifecycle", "models"),
    *("snapshots", "phases", "runs"),
)


def add_parser(commands: Commands) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "export",
        help="write stored rows as NDJSON, CSV or Parquet",
        description="Write the rows of a table, the oldest first.",
    )
    add_selection(parser)
    parser.add_argument("--table", choices=_TABLES, default="estimates", help="default: estimates")
    parser.add_argument("--format", choices=_FORMATS, default="ndjson", help="default: ndjson")
    parser.add_argument(
        "-o",
        "--output",
        type=Path,
        metavar="FILE",
        help="replaced in one step when all is written (default: standard output)",
    )
    finish(parser, _export, "with --output: print what was written as JSON")


def _export(arguments: argparse.Namespace) -> int:
    """Write the rows."""
    # Lazily: other commands do without.
    from ..reports.export import export_format  # noqa: PLC0415
    from ..store import open_store  # noqa: PLC0415
    from ..store.exports import export_tables  # noqa: PLC0415

    form = export_format(arguments.format)
    if form.name == "parquet" and arguments.output is None and sys.stdout.isatty():
        msg = "--format: parquet is no text for a terminal. Name a file with --output."
        raise SettingsError(msg)
    with open_store(arguments.store, create=False) as store:
        number = _write(form, export_tables()[arguments.table], store, arguments)
    if arguments.output is not None:
        report = {"table": arguments.table, "rows": number, "file": str(arguments.output)}
        told = f"{counted(number, 'row')} of {arguments.table} in {arguments.output}"
        print(json.dumps(report) if arguments.json else printable(told))
    return 0


def _write(form: Format, table: ExportTable, store: Store, arguments: argparse.Namespace) -> int:
    run_id, since = selected_run(store, arguments.run_id), arguments.since
    total = store.export_count(table, run_id=run_id, since=since)
    with (
        _opened(arguments.output) as file,
        Progress(total, "exporting") as progress,
        closing(store.export(table, run_id=run_id, since=since)) as batches,
    ):
        return form.write(file, table, _watched(batches, progress))


def _watched(batches: Iterable[Batch], progress: Progress) -> Iterator[Batch]:
    for batch in batches:
        yield batch
        progress.advance(len(batch))


@contextmanager
def _opened(path: Path | None) -> Iterator[IO[bytes]]:
    if path is None:
        yield sys.stdout.buffer
        return
    try:
        with replacing(path) as file:
            yield file
    except OSError as error:
        msg = f"{path} cannot be written: {error.strerror}"
        raise StoreError(msg) from error
