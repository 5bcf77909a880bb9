"""Reads the command line and runs one command; one file for each."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from io import TextIOWrapper
from typing import TYPE_CHECKING

from ..errors import UnderstudyError, printable_lines
from . import (
    _alerts,
    _costs,
    _efficiency,
    _export,
    _footprint,
    _gate,
    _migrate,
    _profile,
    _replay,
    _scenarios,
    _stats,
    _strata,
)
from ._extensions import LazyExtensions
from ._parser import GROUP, Parser, ShowVersion
from .baseline import add_parser as add_baseline
from .cassettes import add_parser as add_cassettes
from .prune import add_parser as add_prune

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return its exit status.

    0: it did what was asked. 1: it looked and found something wrong. 2: it could not look.
    """
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # of names in any script
    try:
        try:
            return _ran(arguments)
        finally:
            sys.stdout.flush()
    except BrokenPipeError:
        _give_up_output()
        return 0
    except OSError as error:
        if error.filename is None:
            _give_up_output()
        _complain(_words_of(error))
        return 2


def _ran(arguments: Sequence[str] | None) -> int:
    parser = _parser()
    if any("\0" in each for each in arguments or ()):
        parser.error("an argument holds a character of no meaning, NUL. Leave it out.")
    parsed = parser.parse_args(arguments)
    try:
        status: int = parsed.run(parsed)
    except UnderstudyError as error:
        _complain(str(error))
        return 2
    return status


def _words_of(error: OSError) -> str:
    why = error.strerror or str(error)
    if error.filename is None:
        return f"what was found cannot be written: {why}. Is the disk full?"
    return f"{os.fsdecode(error.filename)}: cannot be read or written: {why}"


def _complain(words: str) -> None:
    with suppress(OSError):  # where nobody can be told, the status tells
        print(printable_lines(f"understudy: {words}"), file=sys.stderr)


def _give_up_output() -> None:
    """End without a traceback when Python flushes what nobody takes any more."""
    with suppress(OSError, ValueError):
        sink = os.open(os.devnull, os.O_WRONLY)
        os.dup2(sink, sys.stdout.fileno())
        os.close(sink)


def _parser() -> Parser:
    parser = Parser(
        prog="understudy",
        description="The test rig for LLM applications.",
        epilog="Exit status: 0 done, 1 looked and found something wrong, 2 could not look.",
    )
    parser.add_argument("--version", action=ShowVersion, nargs=0, help="print the version")
    commands = parser.add_subparsers(**GROUP)
    extensions = LazyExtensions()
    add_cassettes(commands, price=extensions.price, apis=extensions.apis)
    _profile.add_parser(commands, apis=extensions.apis)
    _scenarios.add_parser(commands, profiles=extensions.profiles, faults=extensions.faults)
    _stats.add_parser(commands)
    _strata.add_parser(commands)
    _costs.add_parsers(commands, settings=extensions.costs)
    _export.add_parser(commands)
    _migrate.add_parser(commands)
    add_prune(commands)
    _replay.add_parser(commands)
    _efficiency.add_parser(commands)
    _footprint.add_parser(commands)
    _alerts.add_parser(commands)
    _gate.add_parser(commands)
    add_baseline(commands, extensions=extensions)
    return parser
