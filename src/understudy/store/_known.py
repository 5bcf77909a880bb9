"""Which records are stored already."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ._connection import Connection

#: How many parameters go into one statement; old builds of SQLite take 999.
CHUNK: Final = 500


def known_keys(connection: Connection, table: str, column: str, keys: Sequence[str]) -> set[str]:
    """Return those of `keys` that stand in a column."""
    known: set[str] = set()
    for start in range(0, len(keys), CHUNK):
        chunk = keys[start : start + CHUNK]
        marks = ", ".join("?" * len(chunk))
        query = f"SELECT {column} FROM {table} WHERE {column} IN ({marks})"  # noqa: S608
        known.update(row[0] for row in connection.execute(query, chunk))
    return known
