"""One step of the schema, in words that every database of ours is given its own dialect of."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from .._connection import Connection

_COLUMN = re.compile(
    r"^( +)(\w+) (TIMESTAMP|JSON|BOOLEAN|INTEGER|REAL|BLOB|SERIAL)\b", re.MULTILINE
)


def translate_types(statement: str, types: Mapping[str, str]) -> str:
    """Replace each column's type; `{column}` in a replacement stands for the column's name."""

    def replace(match: re.Match[str]) -> str:
        indent, column, kind = match.groups()
        return f"{indent}{column} {types.get(kind, kind).format(column=column)}"

    return _COLUMN.sub(replace, statement.strip())


@dataclass(frozen=True, slots=True)
class Spoken:
    """A statement that the databases have no common words for; None: one has no need of it."""

    sqlite: str | None = None
    postgres: str | None = None


@dataclass(frozen=True, slots=True)
class Migration:
    """One step from a version of the schema to the next.

    `statements` are SQLite's SQL but for the types TIMESTAMP, JSON, BOOLEAN and SERIAL (a key that
    the database numbers). `tables` and `event_tables` are the new ones that hold records; the
    latter may hold millions. `bulk_tables` are those of them whose deleted rows are subtracted
    by whoever deletes, `dropped` are gone. `carry` brings old rows over, when all steps are done:
    it meets the schema of today.
    """

    name: str
    statements: tuple[str | Spoken, ...]
    tables: tuple[str, ...] = ()
    event_tables: tuple[str, ...] = ()
    bulk_tables: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()
    carry: Callable[[Connection], None] | None = None
