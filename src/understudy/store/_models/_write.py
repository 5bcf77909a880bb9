"""Writes model events, their owners and series."""

from __future__ import annotations

from collections import defaultdict
from functools import partial
from typing import TYPE_CHECKING, Final, TypeAlias

from .._records import Refusal, WriteReport
from .._writes import write_rows
from ..retention import part_late
from ._numbers import Names, numbers_of_owners, numbers_of_series
from ._rollups import roll_up
from ._rows import LOG_COLUMNS, ModelRow, model_row

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ...events.model import ModelEvent
    from .._connection import Connection

Key: TypeAlias = "tuple[int, bytes]"

#: How many keys are looked up at once.
_CHUNK: Final = 400
_WRITTEN: Final = ("owner_id", "series_id", *LOG_COLUMNS)
# In words that let each database use its index.
_KNOWN: Final = (
    "SELECT log.ts, log.event_id FROM (VALUES {marks}) AS asked "
    "JOIN model_log log ON log.ts = asked.column1 AND log.event_id = asked.column2"
)


def write_models(connection: Connection, events: Iterable[ModelEvent]) -> WriteReport:
    """Write the events that are not there yet and add them to the rollups, inside a transaction.

    Late ones are added to the rollups only.

    Raises:
        StoreError: the database cannot be written at all.
    """
    fresh, incomplete = _rows_of(events)
    for key in _known(connection, list(fresh)):
        del fresh[key]
    rows = {event.event_id: row for event, row in fresh.values()}
    records, late = part_late(connection, "model_log", [event for event, _ in fresh.values()])
    kept = [rows[event.event_id] for event in records]
    written, report = write_rows(connection, records, kept, partial(_write, connection))
    summed = [*written, *(rows[event.event_id] for event in late)]
    roll_up(connection, summed)
    return WriteReport(report.written, (*incomplete, *report.refused), len(late))


def _rows_of(
    events: Iterable[ModelEvent],
) -> tuple[dict[Key, tuple[ModelEvent, ModelRow]], list[Refusal]]:
    rows: dict[Key, tuple[ModelEvent, ModelRow]] = {}
    refused: list[Refusal] = []
    for event in events:
        try:
            row = model_row(event)
        except ValueError as error:
            refused.append(Refusal(event, str(error)))
        else:
            rows[row.key] = (event, row)
    return rows, refused


def _known(connection: Connection, keys: Sequence[Key]) -> Iterable[Key]:
    for start in range(0, len(keys), _CHUNK):
        chunk = keys[start : start + _CHUNK]
        query = _KNOWN.format(marks=", ".join(["(?, ?)"] * len(chunk)))
        parameters = [part for key in chunk for part in key]
        for ts, event_id in connection.execute(query, parameters):
            yield ts, bytes(event_id)


def _write(connection: Connection, rows: Sequence[ModelRow]) -> None:
    times: defaultdict[Names, list[int]] = defaultdict(list)
    for row in rows:
        times[row.owner].append(row.ts)
    owners = numbers_of_owners(connection, times)
    series = numbers_of_series(connection, {row.series for row in rows})
    numbered = [(owners[row.owner], series[row.series], *row.values) for row in rows]
    connection.add_rows("model_log", _WRITTEN, numbered)
