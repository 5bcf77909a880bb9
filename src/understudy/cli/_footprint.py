"""`understudy footprint`: how large a store is."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from ._command import Commands, answer, finish
from ._selection import add_store

if TYPE_CHECKING:
    import argparse


def add_parser(commands: Commands) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "footprint",
        help="show how large the store and its tables are",
        description="Show bytes on disk, and of each table its rows, about how many bytes they "
        "take and when the oldest of them was.",
    )
    add_store(parser)
    finish(parser, _show)


def _show(arguments: argparse.Namespace) -> int:
    """Print the size of a store."""
    from ..reports.models import footprint_lines  # noqa: PLC0415 - rarely wanted
    from ..store import footprint_as_json, open_store  # noqa: PLC0415 - as above

    with open_store(arguments.store, create=False) as store:
        footprint, location = store.footprint(), store.location
    width = shutil.get_terminal_size().columns
    lines = [f"store   {location}", *footprint_lines(footprint, width)]
    answer(arguments, {"store": location, **footprint_as_json(footprint)}, lines)
    return 0
