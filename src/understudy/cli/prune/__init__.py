"""`understudy prune`: what is old leaves the store."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from .._command import Commands, finish
from .._selection import add_store

if TYPE_CHECKING:
    import argparse

_AGE: Final = "60d"
_FORMATS: Final = ("csv", "ndjson", "parquet")


def add_parser(commands: Commands) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "prune",
        help="delete what is old from a store, exported where asked",
        description="Delete the events that are older than an age, then the tests and runs that "
        "have none left. The sums of days stay, those of hours for 60 days.",
    )
    add_store(parser)
    parser.add_argument(
        "--older-than",
        metavar="AGE",
        default=_AGE,
        help=f"60d, 36h or 90m (default: {_AGE})",
    )
    parser.add_argument(
        "--export",
        type=Path,
        metavar="DIR",
        help="write the rows into files of this folder first, and read these back",
    )
    parser.add_argument("--format", choices=_FORMATS, help="of those files (default: csv)")
    parser.add_argument("--estimates", action="store_true", help="estimates go, too")
    parser.add_argument("--dry-run", action="store_true", help="only say what would go")
    finish(parser, _run)


def _run(arguments: argparse.Namespace) -> int:
    from ._prune import prune  # noqa: PLC0415 - other commands do without

    return prune(arguments)
