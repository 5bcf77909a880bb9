"""`understudy cassettes list`: which cassettes there are."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from ...clock import utc_now
from ...errors import CassetteError, counted, printable
from .._command import Commands, finish
from ._context import STATE, Context, cassette_files, complain, write

if TYPE_CHECKING:
    import argparse
    from datetime import datetime
    from pathlib import Path

    from ...cassettes import Interaction
    from ...wire import WireApis

_DAY: Final = 86_400
_KILO: Final = 1000


def add_list(commands: Commands, context: Context) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "list",
        help="list cassettes with their models, age and size",
        description="List the cassettes below the working directory, or those named.",
    )
    parser.add_argument("paths", nargs="*", metavar="PATH", help="a cassette, or a folder")
    finish(parser, lambda arguments: _list(arguments, context), "print one JSON object a file")


def _list(arguments: argparse.Namespace, context: Context) -> int:
    """Print a row for each file; 2 where one cannot be read, after the rest."""
    from ...cassettes import load_interactions  # noqa: PLC0415 - not for the other commands

    status, rows = 0, []
    now = utc_now()
    for path in cassette_files(arguments.paths):
        try:
            rows.append(_row(path, load_interactions(path, state=STATE), context.apis(), now))
        except CassetteError as error:
            complain(error)
            status = 2
    if arguments.json:
        for row in rows:
            write(json.dumps(row))
    else:
        _write_table(rows)
    return status


def _row(path: Path, recorded: list[Interaction], apis: WireApis, now: datetime) -> dict[str, Any]:
    from ...cassettes import recorded_at  # noqa: PLC0415

    moments = [moment for each in recorded if (moment := recorded_at(each)) is not None]
    read = [each.read(apis) for each in recorded]
    models = sorted({each.response_model or each.request_model or "" for each in read} - {""})
    return {
        "file": str(path),
        "interactions": len(recorded),
        "models": models,
        "recorded_at": min(moments).isoformat() if moments else None,
        "age_days": int((now - min(moments)).total_seconds() // _DAY) if moments else None,
        "bytes": path.stat().st_size,
        "timed": sum(each.response.timing is not None for each in recorded),
        "incomplete": sum(not each.response.complete for each in recorded),
    }


def _write_table(rows: list[dict[str, Any]]) -> None:
    width = max((len(row["file"]) for row in rows), default=0)
    for row in rows:
        age = "age unknown" if row["age_days"] is None else counted(row["age_days"], "day")
        size = f"{row['bytes'] / _KILO:.1f} kB"
        number, noun = counted(row["interactions"], "call").split()
        columns = f"{number:>4} {noun:5}  {age:>11}  {size:>9}"
        write(printable(f"{row['file']:{width}}  {columns}  {', '.join(row['models'])}".rstrip()))
    if not rows:
        write("no cassettes")
