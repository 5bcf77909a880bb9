"""Writes many records at once, and one by one where the database refuses some."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeAlias, TypeVar

from ._connection import RefusedRowError
from ._records import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ..events import TelemetryEvent, TokenEstimate
    from ._connection import Connection
    from ._records import Phase

Record = TypeVar("Record", "TelemetryEvent", "TokenEstimate", "Phase")
Row: TypeAlias = "Sequence[Any]"

#: How many parameters go into one statement; old builds of SQLite take 999.
_CHUNK: Final = 500


def write_records(
    connection: Connection,
    records: Sequence[Record],
    to_row: Callable[[Record], Row],
    write: Callable[[Sequence[Row]], None],
) -> tuple[Sequence[Row], tuple[Refusal, ...]]:
    """Write `records` inside a transaction; return the rows written and what was refused.

    Raises:
        StoreError: the database cannot be written at all.
    """
    rows = [to_row(record) for record in records]
    try:
        with connection.transaction():
            write(rows)
    except RefusedRowError:
        return _write_one_by_one(connection, records, rows, write)
    return rows, ()


def known_ids(connection: Connection, table: str, column: str, ids: Sequence[str]) -> set[str]:
    """Return those of `ids` that the table holds in its key, `column`."""
    known: set[str] = set()
    for start in range(0, len(ids), _CHUNK):
        chunk = ids[start : start + _CHUNK]
        marks = ", ".join("?" * len(chunk))
        query = f"SELECT {column} FROM {table} WHERE {column} IN ({marks})"  # noqa: S608
        known.update(row[0] for row in connection.execute(query, chunk))
    return known


def _write_one_by_one(
    connection: Connection,
    records: Sequence[Record],
    rows: Sequence[Row],
    write: Callable[[Sequence[Row]], None],
) -> tuple[Sequence[Row], tuple[Refusal, ...]]:
    written: list[Row] = []
    refused: list[Refusal] = []
    for record, row in zip(records, rows, strict=True):
        try:
            with connection.transaction():
                write([row])
        except RefusedRowError as error:
            refused.append(Refusal(record, str(error)))
        else:
            written.append(row)
    return written, tuple(refused)
