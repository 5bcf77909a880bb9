"""`understudy cassettes scrub`: takes secrets out of old cassettes."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING

from ...errors import CassetteError, counted
from .._command import Commands, finish
from .._progress import Progress
from ._context import STATE, Context, cassette_files, complain, write

if TYPE_CHECKING:
    import argparse

    from ...cassettes.secrets import Scrubbed


def add_scrub(commands: Commands, context: Context) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "scrub",
        help="take secrets out of cassettes, old ones and vcrpy's too",
        description="Clean cassettes in place: headers that are not on the list, keys, cookies, "
        "ids of organisations. Prints what was taken out by kind, never a value.",
    )
    parser.add_argument("paths", nargs="+", metavar="PATH", help="a cassette, or a folder")
    parser.add_argument(
        "--check", action="store_true", help="write nothing; exit 1 where something would change"
    )
    finish(parser, lambda arguments: _scrub(arguments, context), "print one JSON object a file")


def _scrub(arguments: argparse.Namespace, context: Context) -> int:
    """Clean all files; 2 where one cannot be, 1 where, with `--check`, one is not clean."""
    from ...cassettes.secrets import scrub  # noqa: PLC0415 - only here

    files = cassette_files(arguments.paths)
    failed, total, changed = False, Counter[str](), 0
    with Progress(len(files), "scrub") as progress:
        for path in files:
            try:
                done = scrub(path, context.redactor, state=STATE, check=arguments.check)
            except (CassetteError, OSError) as error:
                complain(error)
                failed = True
                continue
            finally:
                progress.advance()
            total += done.counts
            changed += done.changed > 0
            _write_scrubbed(done, arguments)
    if not arguments.json:
        verb = "would change" if arguments.check else "changed"
        kinds = _by_kind(total) if changed else ""
        write(f"{counted(len(files), 'file')}, {changed} {verb}{kinds}")
    return 2 if failed else int(arguments.check and changed > 0)


def _write_scrubbed(done: Scrubbed, arguments: argparse.Namespace) -> None:
    if arguments.json:
        row = {"file": str(done.path), "changed": done.changed, "counts": dict(done.counts)}
        write(json.dumps(row))
    elif done.changed:
        changed = counted(done.changed, "interaction")
        write(f"{done.path}: {changed}{_by_kind(done.counts)}")


def _by_kind(counts: Counter[str]) -> str:
    return "".join(f"\n  {count:5}  {kind}" for kind, count in counts.most_common())
