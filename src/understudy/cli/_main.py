"""Reads the command line and runs one command; one file for each."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from importlib import import_module
from io import TextIOWrapper
from typing import TYPE_CHECKING, Any, Final

from ..errors import UnderstudyError, printable_lines
from ._extensions import LazyExtensions
from ._parser import GROUP, Parser, ShowVersion, Unread

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Sequence

#: The module that adds each command, in the order of the help.
_MODULES: Final = {
    "cassettes": "cassettes",
    "profile": "_profile",
    "scenarios": "_scenarios",
    "stats": "_stats",
    "strata": "_strata",
    "costs": "_costs",
    "forecast": "_costs",
    "trends": "_costs",
    "export": "_export",
    "migrate": "_migrate",
    "prune": "prune",
    "replay": "_replay",
    "efficiency": "_efficiency",
    "footprint": "_footprint",
    "alerts": "_alerts",
    "gate": "_gate",
    "baseline": "baseline",
    "serve": "_serve",
}
#: What some of them ask of the extensions.
_ASKED: Final[dict[str, Callable[[LazyExtensions], dict[str, Any]]]] = {
    "cassettes": lambda extensions: {"price": extensions.price, "apis": extensions.apis},
    "_profile": lambda extensions: {"apis": extensions.apis},
    "_scenarios": lambda extensions: {"profiles": extensions.profiles, "faults": extensions.faults},
    "_alerts": lambda extensions: {"settings": extensions.costs},
    "_costs": lambda extensions: {"settings": extensions.costs},
    "baseline": lambda extensions: {"extensions": extensions},
    "_serve": lambda extensions: {"extensions": extensions},
}


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
    parsed = _parsed(sys.argv[1:] if arguments is None else arguments)
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


def _parsed(words: Sequence[str]) -> argparse.Namespace:
    """Read the command line with the one command that it names, or say what is wrong with it."""
    parser = _parser(words[0] if words else None)
    if any("\0" in each for each in words):
        parser.error("an argument holds a character of no meaning, NUL. Leave it out.")
    try:
        return parser.parse_args(words)
    except Unread as unread:
        unread.command.error(_parser().advice(unread))


def _parser(command: str | None = None) -> Parser:
    """Return the parser of a command, or of all: loading them takes longer than many take."""
    parser = Parser(
        prog="understudy",
        description="The test rig for LLM applications.",
        epilog="Exit status: 0 done, 1 looked and found something wrong, 2 could not look.",
    )
    parser.add_argument("--version", action=ShowVersion, nargs=0, help="print the version")
    commands = parser.add_subparsers(**GROUP)
    extensions = LazyExtensions()
    named = _MODULES.get(command or "")
    for module in dict.fromkeys([named] if named else _MODULES.values()):
        asked = _ASKED[module](extensions) if module in _ASKED else {}
        import_module(f".{module}", __package__).add_parser(commands, **asked)
    return parser
