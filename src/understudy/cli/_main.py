"""Reads the command line and runs one command; one file for each."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from ..errors import UnderstudyError
from . import _export, _gate, _profile, _replay, _scenarios, _stats, _strata
from ._extensions import LazyExtensions
from ._parser import GROUP, Parser, ShowVersion
from .baseline import add_parser as add_baseline
from .cassettes import add_parser as add_cassettes

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return its exit status.

    0: it did what was asked. 1: it looked and found something wrong. 2: it could not look.
    """
    parsed = _parser().parse_args(arguments)
    try:
        status: int = parsed.run(parsed)
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever read our output has gone: end without a traceback when Python flushes it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except UnderstudyError as error:
        print(f"understudy: {error}", file=sys.stderr)
        return 2
    return status


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
    _export.add_parser(commands)
    _replay.add_parser(commands)
    _gate.add_parser(commands)
    add_baseline(commands, extensions=extensions)
    return parser
