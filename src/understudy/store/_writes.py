"""Writes many records at once, and one by one where the database refuses some."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from ._connection import Connection, RefusedRowError
from ._known import known_keys
from ._records import AnyRecord, Refusal, WriteReport
from .retention import part_late

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from ..events import TelemetryEvent, TokenEstimate
    from ..events.lifecycle import LifecycleEvent

Record = TypeVar("Record", bound="TelemetryEvent | LifecycleEvent | TokenEstimate")
Event = TypeVar("Event", bound="TelemetryEvent | LifecycleEvent")
Row = TypeVar("Row", bound="Sequence[Any]")
Values: TypeAlias = "Sequence[Any]"


def write_rows(
    connection: Connection,
    records: Sequence[AnyRecord],
    rows: Sequence[Row],
    write: Callable[[Sequence[Row]], None],
) -> tuple[Sequence[Row], WriteReport]:
    """Write the `rows` of `records` inside a transaction; return those written, and the report.

    Raises:
        StoreError: the database cannot be written at all.
    """
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
    to_row: Callable[[Record], Values],
) -> tuple[Sequence[Values], WriteReport]:
    """Write the `records` whose key, the first of `columns`, is not there yet; as above."""
    fresh = _unknown(connection, table, columns[0], records)
    write = partial(connection.add_rows, table, columns)
    return write_rows(connection, fresh, list(map(to_row, fresh)), write)


def write_in_time(
    connection: Connection,
    table: str,
    columns: Sequence[str],
    events: Iterable[Event],
    to_row: Callable[[Event], Values],
) -> tuple[Sequence[Values], WriteReport]:
    """Write as `write_new` does, but none of a time whose rows are pruned.

    Return all rows that are new, written or late, and the report.
    """
    new = _unknown(connection, table, columns[0], events)
    fresh, late = part_late(connection, table, new)
    write = partial(connection.add_rows, table, columns)
    written, report = write_rows(connection, fresh, list(map(to_row, fresh)), write)
    return [*written, *map(to_row, late)], replace(report, late=len(late))


def _unknown(
    connection: Connection, table: str, column: str, records: Iterable[Record]
) -> list[Record]:
    by_key = {getattr(record, column): record for record in records}
    for known in known_keys(connection, table, column, list(by_key)):
        del by_key[known]
    return list(by_key.values())
