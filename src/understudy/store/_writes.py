"""Writes many records at once, and one by one where the database refuses some."""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any, Final, TypeAlias, TypeVar

from ._connection import Connection, RefusedRowError
from ._records import Phase, Refusal, WriteReport

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from ..events import TelemetryEvent, TokenEstimate
    from ..events.lifecycle import LifecycleEvent

Record = TypeVar("Record", "TelemetryEvent", "LifecycleEvent", "TokenEstimate", "Phase")
Row: TypeAlias = "Sequence[Any]"

#: How many parameters go into one statement; old builds of SQLite take 999.
_CHUNK: Final = 500


def write_records(
    connection: Connection,
    records: Sequence[Record],
    to_row: Callable[[Record], Row],
    write: Callable[[Sequence[Row]], None],
) -> tuple[Sequence[Row], WriteReport]:
    """Write `records` inside a transaction; return the rows written, and the report.

    Raises:
        StoreError: the database cannot be written at all.
    """
    rows = [to_row(record) for record in records]
    with suppress(RefusedRowError), connection.transaction():
        write(rows)
        return rows, WriteReport(len(rows))
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
    return written, WriteReport(len(written), tuple(refused))


def write_new(
    connection: Connection,
    table: str,
    columns: Sequence[str],
    records: Iterable[Record],
    to_row: Callable[[Record], Row],
) -> tuple[Sequence[Row], WriteReport]:
    """Write the `records` whose key, the first of `columns`, is not there yet; as above."""
    by_key = {getattr(record, columns[0]): record for record in records}
    for known in _known_keys(connection, table, columns[0], list(by_key)):
        del by_key[known]
    write = partial(connection.add_rows, table, columns)
    return write_records(connection, list(by_key.values()), to_row, write)


def _known_keys(connection: Connection, table: str, column: str, keys: Sequence[str]) -> set[str]:
    known: set[str] = set()
    for start in range(0, len(keys), _CHUNK):
        chunk = keys[start : start + _CHUNK]
        marks = ", ".join("?" * len(chunk))
        query = f"SELECT {column} FROM {table} WHERE {column} IN ({marks})"  # noqa: S608
        known.update(row[0] for row in connection.execute(query, chunk))
    return known
