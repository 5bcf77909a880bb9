"""Reads the rows of a table as they are exported, some thousands at a time."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from .._rows import timestamp_text
from ._tables import Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Mapping, Sequence

    from .._connection import Connection
    from ._tables import ExportTable

#: How many rows are in memory at once.
BATCH: Final = 10_000
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows of a table, column by column, the values as their `Kind` says."""

    values: tuple[Sequence[Any], ...]

    def __len__(self) -> int:
        return len(self.values[0])


@dataclass(frozen=True, slots=True)
class Selection:
    """Which rows of a table are meant."""

    conditions: Sequence[str] = ()
    parameters: Sequence[Any] = ()

    @property
    def where(self) -> str:
        """The clause, empty where all rows are meant."""
        return f" WHERE {' AND '.join(self.conditions)}" if self.conditions else ""


def selection(table: ExportTable, *, run_id: str | None, since: datetime | None) -> Selection:
    """Return what selects the rows of a run, and those that are not older."""
    moment = None if since is None else table.moment(since)
    bounds = {"run_id = ?": run_id, f"{table.time} >= ?": moment}
    told = {condition: bound for condition, bound in bounds.items() if bound is not None}
    always = [table.condition] if table.condition else []
    return Selection([*always, *told], list(told.values()))


def count(
    connection: Connection, table: ExportTable, wanted: Selection, *, source: str | None = None
) -> int:
    """Return how many rows are selected."""
    query = f"SELECT COUNT(*) FROM {source or table.source}{wanted.where}"  # noqa: S608
    return int(connection.execute(query, wanted.parameters)[0][0])


def read(
    connection: Connection,
    table: ExportTable,
    wanted: Selection,
    *,
    order: str | None = None,
    limit: int | None = None,
) -> Generator[Batch]:
    """Yield the rows that are selected, in their order."""
    columns = ", ".join(column.sql for column in table.columns)
    query = (
        f"SELECT {columns} FROM {table.source}{wanted.where} "  # noqa: S608
        f"ORDER BY {order or table.order}"
    )
    parameters = wanted.parameters
    if limit is not None:
        query, parameters = f"{query} LIMIT ?", [*parameters, limit]
    for rows in connection.stream(query, parameters, size=BATCH):
        yield batch_of(table, rows)


def batch_of(table: ExportTable, rows: Sequence[Sequence[Any]]) -> Batch:
    """Turn rows of a database into columns of values that every database has alike."""
    columns = zip(table.columns, zip(*rows, strict=True), strict=True)
    return Batch(tuple(_alike(column.kind, values) for column, values in columns))


def _alike(kind: Kind, values: Sequence[Any]) -> Sequence[Any]:
    change = _CHANGES.get(kind)
    if change is None:
        return values
    return [None if value is None else change(value) for value in values]


def _time(value: str | datetime | int) -> str:
    if isinstance(value, str):
        return value
    moment = _EPOCH + timedelta(microseconds=value) if isinstance(value, int) else value
    return timestamp_text(moment)


def _id(value: str | bytes) -> str:
    return value.hex() if isinstance(value, bytes) else value


def _json(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


_CHANGES: Final[Mapping[Kind, Callable[[Any], Any]]] = {
    Kind.ID: _id,
    Kind.TIME: _time,
    Kind.FLAG: bool,
    Kind.JSON: _json,
}
