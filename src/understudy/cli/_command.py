"""What all commands share: how one is added, and how its answer is printed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, TypeAlias

from ..errors import printable_lines

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterable

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"  # noqa: SLF001


def finish(
    parser: argparse.ArgumentParser,
    run: Callable[[argparse.Namespace], int],
    json_help: str = "print JSON",
) -> None:
    """Add `--json`, and say what runs."""
    parser.add_argument("--json", action="store_true", help=json_help)
    parser.set_defaults(run=run)


def answer(arguments: argparse.Namespace, found: object, lines: Iterable[str]) -> None:
    """Print what was found: as JSON where that is asked for, else its lines."""
    print(json.dumps(found, indent=2) if arguments.json else printable_lines("\n".join(lines)))
