"""`understudy export`: stored rows as NDJSON or CSV."""

from __future__ import annotations

import csv
import io
import json
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final

from ..durable import replacing
from ..errors import SettingsError, StoreError, counted, printable
from ._command import Commands, finish
from ._progress import Progress
from ._selection import add_selection, selected_run

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from datetime import datetime

    from pydantic import BaseModel

    from ..store import Run, Store

    Write = Callable[[dict[str, Any]], None]

_FORMATS: Final = ("ndjson", "csv", "parquet")


def _columns(table: str) -> list[str]:
    from ..events import CallEvent, TokenEstimate  # noqa: PLC0415 - other commands do without
    from ..store import Phase, Run  # noqa: PLC0415

    kinds: dict[str, type[BaseModel]] = {
        "estimates": TokenEstimate,
        "calls": CallEvent,
        "phases": Phase,
        "runs": Run,
    }
    return [*kinds[table].model_fields, *(["cost_usd"] if table == "calls" else [])]


def _estimates(store: Store, run: Run, since: datetime | None) -> Iterator[dict[str, Any]]:
    return _dumped(store.estimates(run.run_id, since=since))


def _calls(store: Store, run: Run, since: datetime | None) -> Iterator[dict[str, Any]]:
    from ..events import CallEvent  # noqa: PLC0415 - as above

    for event in store.events(run.run_id):
        if isinstance(event, CallEvent) and (since is None or event.ts >= since):
            cost = None if event.cost_usd is None else float(event.cost_usd)
            yield event.model_dump(mode="json") | {"cost_usd": cost}


def _phases(store: Store, run: Run, since: datetime | None) -> Iterator[dict[str, Any]]:
    return _dumped(store.phases(run.run_id) if since is None or run.started >= since else [])


def _runs(_: Store, run: Run, since: datetime | None) -> Iterator[dict[str, Any]]:
    return _dumped([run] if since is None or run.started >= since else [])


def _dumped(records: Iterable[BaseModel]) -> Iterator[dict[str, Any]]:
    return (record.model_dump(mode="json") for record in records)


_ROWS: Final = {"estimates": _estimates, "calls": _calls, "phases": _phases, "runs": _runs}


def add_parser(commands: Commands) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "export",
        help="write stored rows as NDJSON or CSV",
        description="Write the rows of a table, those of the oldest run first.",
    )
    add_selection(parser)
    parser.add_argument(
        "--table", choices=tuple(_ROWS), default="estimates", help="default: estimates"
    )
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
    """Write the rows, run by run."""
    from ..store import open_store  # noqa: PLC0415 - other commands do without

    if arguments.format == "parquet":
        msg = "--format: parquet cannot be written yet. Write ndjson or csv."
        raise SettingsError(msg)
    with open_store(arguments.store, create=False) as store:
        wanted = selected_run(store, arguments.run_id)
        runs = [run for run in reversed(store.runs()) if wanted in {None, run.run_id}]
        with _opened(arguments.output) as file:
            number = _write(file, store, runs, arguments)
    if arguments.output is not None:
        report = {"table": arguments.table, "rows": number, "file": str(arguments.output)}
        told = f"{counted(number, 'row')} of {arguments.table} in {arguments.output}"
        print(json.dumps(report) if arguments.json else printable(told))
    return 0


def _write(
    file: IO[bytes], store: Store, runs: Sequence[Run], arguments: argparse.Namespace
) -> int:
    is_csv = arguments.format == "csv"
    write = _csv_writer(file, _columns(arguments.table)) if is_csv else _ndjson_writer(file)
    number = 0
    with Progress(len(runs), "exporting") as progress:
        for run in runs:
            for row in _ROWS[arguments.table](store, run, arguments.since):
                write(row)
                number += 1
            progress.advance()
    return number


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


def _ndjson_writer(file: IO[bytes]) -> Write:
    def write(row: dict[str, Any]) -> None:
        file.write(json.dumps(row).encode() + b"\n")

    return write


def _csv_writer(file: IO[bytes], columns: Sequence[str]) -> Write:
    """Return what writes RFC 4180: unknown is empty, lists and objects are JSON."""
    line = io.StringIO(newline="")
    writer = csv.DictWriter(line, columns, restval="", lineterminator="\r\n")

    def flush() -> None:
        file.write(line.getvalue().encode())
        line.seek(0)
        line.truncate()

    def write(row: dict[str, Any]) -> None:
        writer.writerow({name: _cell(value) for name, value in row.items()})
        flush()

    writer.writeheader()
    flush()
    return write


def _cell(value: Any) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    return json.dumps(value) if isinstance(value, (list, dict)) else value
