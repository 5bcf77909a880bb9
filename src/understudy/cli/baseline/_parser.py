"""What the command understands."""

from __future__ import annotations

import os
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Final

from ...options import OPTIONS
from .._command import Commands, finish
from .._parser import GROUP
from .._selection import add_run

if TYPE_CHECKING:
    import argparse

    from .._extensions import LazyExtensions

_OPTION: Final = next(option for option in OPTIONS if option.name == "baseline")


def add_parser(commands: Commands, *, extensions: LazyExtensions) -> None:
    """Add the command with its four subcommands."""
    parser = commands.add_parser(
        "baseline",
        help="show, compare, accept and prove the baseline of the gate",
        description="The figures that `pytest --llm-gate` compares with.",
    )
    parser.set_defaults(extensions=extensions)
    parts = parser.add_subparsers(**GROUP)
    _add_show(parts)
    _add_diff(parts)
    _add_accept(parts)
    _part(parts, "selftest", "make each recorded figure worse, and prove that the gate goes red")


def _add_show(parts: Commands) -> None:
    parser = _part(parts, "show", "print the figures, and who accepted them")
    _add_selection(parser)
    parser.add_argument(
        "--benchmark-json",
        metavar="FILE",
        help="write the latencies as a run for pytest-benchmark's --benchmark-compare",
    )


def _add_diff(parts: Commands) -> None:
    parser = _part(parts, "diff", "judge a stored run; 1 if the gate would be red")
    _add_selection(parser)
    add_run(parser)
    parser.add_argument("--strict", action="store_true", help="a warning fails as well")


def _add_accept(parts: Commands) -> None:
    parser = _part(parts, "accept", "make the figures of a stored run the baseline")
    _add_selection(parser)
    add_run(parser)
    parser.add_argument("--reason", required=True, metavar="TEXT", help="why the figures change")
    parser.add_argument(
        "--from-benchmark",
        metavar="FILE",
        help="take the figures of a run that pytest-benchmark saved, not of a stored one",
    )


def _part(parts: Commands, name: str, text: str) -> argparse.ArgumentParser:
    parser = parts.add_parser(name, help=text, description=f"{text[0].upper()}{text[1:]}.")
    variable = _OPTION.variables[0]
    parser.add_argument(
        "--baseline",
        metavar="PATH",
        default=os.environ.get(variable) or _OPTION.default,
        help=f"folder of the baseline (default: {_OPTION.default}) [env: {variable}]",
    )
    finish(parser, partial(_run, name))
    return parser


def _run(name: str, arguments: argparse.Namespace) -> int:
    """Run a command: the gate is slow to import, and other commands do without."""
    status: int = import_module(f"{__package__}._{name}").run(arguments)
    return status


def _add_selection(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "tests", nargs="*", metavar="TEST", help="node ids, or globs of them (default: all)"
    )
