"""`understudy cassettes orphans`: what no test needs any more."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Final

from .._command import Commands, finish
from ._context import STATE, cassette_files, complain, write

if TYPE_CHECKING:
    import argparse


#: Where pytest leaves what the last run played.
RECORD: Final = STATE / "cassettes-played.json"


def add_orphans(commands: Commands) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "orphans",
        help="show cassettes that no test names and interactions that nothing played",
        description="Compare cassettes with what the last run of pytest collected and played; "
        "exit 1 where something is not needed.",
    )
    parser.add_argument("paths", nargs="*", metavar="PATH", help="a cassette, or a folder")
    parser.add_argument(
        "--record", type=Path, default=RECORD, metavar="FILE", help=f"default: {RECORD}"
    )
    finish(parser, _orphans)


def _orphans(arguments: argparse.Namespace) -> int:
    """Print orphans; 1 where there are any, 2 where a file cannot be read."""
    from ...cassettes.played import find_orphans, read_played  # noqa: PLC0415 - only here

    plays = read_played(arguments.record)
    found = find_orphans(cassette_files(arguments.paths), plays)
    for problem in found.unread:
        complain(problem)
    if arguments.json:
        unplayed = [
            {"file": str(each.path), "index": each.index, "method": each.method, "url": each.url}
            for each in found.unplayed
        ]
        files = [str(path) for path in found.files]
        write(json.dumps({"whole": plays.whole, "files": files, "unplayed": unplayed}, indent=2))
    else:
        for path in found.files:
            write(f"{path}: no collected test names it")
        for each in found.unplayed:
            write(f"{each.path} [{each.index}]: never played: {each.method} {each.url}")
        if not plays.whole:
            judged = " and ".join(plays.folders)
            where = f"what is outside of {judged} was not" if judged else "nothing was"
            write(f"the last run collected a part of the tests: {where} judged")
        if not (found.files or found.unplayed):
            write("nothing is left over")
    return 2 if found.unread else int(bool(found.files or found.unplayed))
