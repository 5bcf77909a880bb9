"""`understudy migrate`: a store at the schema of today."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._command import Commands, answer, finish
from ._selection import add_store

if TYPE_CHECKING:
    import argparse

    from ..store import Migrated


def add_parser(commands: Commands) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "migrate",
        help="bring a store to the schema of this version",
        description="Bring a store to the schema of this version, all or nothing, and say what "
        "was done. Whatever else opens a store does so too; a large one is better migrated alone.",
    )
    add_store(parser, "the rows are")
    finish(parser, _migrate)


def _migrate(arguments: argparse.Namespace) -> int:
    """Migrate one store."""
    from ..store import migrate_store  # noqa: PLC0415 - slow to import

    done = migrate_store(arguments.store)
    found = {
        "store": done.location,
        "before": done.before,
        "after": done.after,
        "migrations": done.steps,
        "seconds": round(done.seconds, 3),
    }
    answer(arguments, found, [_described(done)])
    return 0


def _described(done: Migrated) -> str:
    if done.before == done.after:
        return f"{done.location} is of version {done.after}, today's: nothing to do."
    steps = ", ".join(done.steps)
    how = f"from version {done.before} to {done.after} in {done.seconds:.1f} s"
    return f"{done.location}: migrated {how} ({steps})."
