"""What the command understands."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

from ...options import OPTIONS
from .._selection import add_store
from ._accept import accept
from ._diff import diff
from ._selftest import prove
from ._show import show

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

    from .._extensions import LazyExtensions

    Command = Callable[[argparse.Namespace], int]
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]  # noqa: SLF001

_OPTION: Final = next(option for option in OPTIONS if option.name == "baseline")


def add_parser(commands: Commands, *, extensions: LazyExtensions) -> None:
    """Add the command with its four subcommands."""
    parser = commands.add_parser(
        "baseline",
        help="show, compare, accept and prove the baseline of the gate",
        description="The figures that `pytest --llm-gate` compares with.",
    )
    parts = parser.add_subparsers(title="subcommands", required=True, metavar="SUBCOMMAND")
    _add_show(parts)
    _add_diff(parts, extensions)
    _add_accept(parts, extensions)
    _add_selftest(parts, extensions)


def _add_show(parts: Commands) -> None:
    parser = _part(parts, "show", "print the figures, and who accepted them", show)
    _add_selection(parser)
    parser.add_argument(
        "--benchmark-json",
        metavar="FILE",
        help="write the latencies as a run for pytest-benchmark's --benchmark-compare",
    )


def _add_diff(parts: Commands, extensions: LazyExtensions) -> None:
    parser = _part(parts, "diff", "judge a stored run; 1 if the gate would be red", diff)
    _add_selection(parser)
    _add_run(parser)
    parser.add_argument("--strict", action="store_true", help="a warning fails as well")
    parser.set_defaults(extensions=extensions)


def _add_accept(parts: Commands, extensions: LazyExtensions) -> None:
    parser = _part(parts, "accept", "make the figures of a stored run the baseline", accept)
    _add_selection(parser)
    _add_run(parser)
    parser.add_argument("--reason", required=True, metavar="TEXT", help="why the figures change")
    parser.add_argument(
        "--from-benchmark",
        metavar="FILE",
        help="take the figures of a run that pytest-benchmark saved, not of a stored one",
    )
    parser.set_defaults(extensions=extensions)


def _add_selftest(parts: Commands, extensions: LazyExtensions) -> None:
    text = "make each recorded figure worse, and prove that the gate goes red"
    parser = _part(parts, "selftest", text, prove)
    parser.set_defaults(extensions=extensions)


def _part(parts: Commands, name: str, text: str, run: Command) -> argparse.ArgumentParser:
    parser = parts.add_parser(name, help=text, description=f"{text[0].upper()}{text[1:]}.")
    variable = _OPTION.variables[0]
    parser.add_argument(
        "--baseline",
        metavar="PATH",
        default=os.environ.get(variable) or _OPTION.default,
        help=f"folder of the baseline (default: {_OPTION.default}) [env: {variable}]",
    )
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.set_defaults(run=run)
    return parser


def _add_selection(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "tests", nargs="*", metavar="TEST", help="node ids, or globs of them (default: all)"
    )


def _add_run(parser: argparse.ArgumentParser) -> None:
    add_store(parser)
    parser.add_argument(
        "--run", dest="run_id", metavar="RUN_ID", help="which run (default: the newest)"
    )
