"""`understudy cassettes check`: what is wrong with cassettes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from ...clock import utc_now
from ...errors import counted
from .._command import Commands, finish
from .._progress import Progress
from ._context import STATE, Context, cassette_files, write

if TYPE_CHECKING:
    import argparse
    from pathlib import Path

    from ...cassettes.inspection import Problem


def add_check(commands: Commands, context: Context) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "check",
        help="find damaged cassettes, secrets in them, what is too old, double or incomplete",
        description="Exit 1 where a file cannot be read, holds a secret, or is older than"
        " max_age with on_expiry = fail; the rest is only told.",
    )
    parser.add_argument("paths", nargs="*", metavar="PATH", help="a cassette, or a folder")
    parser.add_argument("--strict", action="store_true", help="whatever is told fails")
    finish(parser, lambda arguments: _check(arguments, context), "print one JSON object a problem")


def _check(arguments: argparse.Namespace, context: Context) -> int:
    """Print all problems; 1 where one of them fails the check."""
    files = cassette_files(arguments.paths)
    problems = _problems(files, context)
    for problem in problems:
        if arguments.json:
            told = {"file": str(problem.path), "kind": problem.kind.value}
            write(json.dumps(told | {"fatal": problem.fatal, "text": problem.text}))
        else:
            write(f"{'' if problem.fatal else 'note: '}{problem.text}")
    failed = [each for each in problems if each.fatal or arguments.strict]
    if not arguments.json:
        found = f"{counted(len(files), 'file')}, {counted(len(problems), 'problem')}"
        write(f"{found}, {len(failed)} of them fail{'s' if len(failed) == 1 else ''} the check")
    return 1 if failed else 0


def _problems(files: list[Path], context: Context) -> list[Problem]:
    from ...cassettes.inspection import Inspection, inspect  # noqa: PLC0415 - only here

    inspection = Inspection(
        redactor=context.redactor,
        now=utc_now(),
        max_age=context.settings.max_age,
        on_expiry=context.settings.on_expiry,
        state=STATE,
    )
    problems = []
    with Progress(len(files), "check") as progress:
        for path in files:
            problems += inspect(path, inspection)
            progress.advance()
    return problems
