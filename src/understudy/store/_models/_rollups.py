"""Sums of model events by the hour and run and by the day, kept up to date as they are written."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from .._rows import timestamp_text
from ..retention import pruned_before
from ._numbers import numbers_of_runs, numbers_of_series
from ._rows import LOG_COLUMNS, ModelRow, moment_of
from ._sums import ROLLUP_COLUMNS, Measured, ModelSums

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from .._connection import Connection

Key: TypeAlias = "tuple[Any, ...]"


@dataclass(frozen=True, slots=True)
class ModelGrain:
    """A table of rollups: its key, of which the third column is the time, and how long that is."""

    table: str
    key: tuple[str, ...]
    length: int

    @property
    def column(self) -> str:
        """The column of time."""
        return self.key[2]

    @property
    def select(self) -> str:
        """The sums of one row."""
        same = " AND ".join(f"{column} = ?" for column in self.key)
        return f"SELECT {', '.join(ROLLUP_COLUMNS)} FROM {self.table} WHERE {same}"  # noqa: S608

    @property
    def upsert(self) -> str:
        """One row, new or instead of the one that was there."""
        columns = (*self.key, *ROLLUP_COLUMNS)
        return (
            f"INSERT INTO {self.table} ({', '.join(columns)}) "  # noqa: S608
            f"VALUES ({', '.join('?' * len(columns))}) "
            f"ON CONFLICT ({', '.join(self.key)}) DO UPDATE SET "
            + ", ".join(f"{column} = excluded.{column}" for column in ROLLUP_COLUMNS)
        )


MODEL_DAYS: Final = ModelGrain(
    "model_rollups_daily", ("series_id", "bucket", "day"), len("2026-01-31")
)
MODEL_HOURS: Final = ModelGrain(
    "model_rollups_hourly", ("series_id", "bucket", "hour", "run_number"), len("2026-01-31T23")
)

_HOUR: Final = 3_600_000_000  # microseconds
_MEASURED: Final = itemgetter(*map(LOG_COLUMNS.index, Measured._fields))


def roll_up(connection: Connection, rows: Sequence[ModelRow]) -> None:
    """Add the events of `rows` to the sums of their hours and days."""
    groups: defaultdict[Key, list[Measured]] = defaultdict(list)
    for row in rows:
        event = Measured(*_MEASURED(row.values))
        groups[row.series, row.ts // _HOUR, event.bucket, row.run_id].append(event)
    series_ids = numbers_of_series(connection, {row.series for row in rows})
    run_numbers = numbers_of_runs(connection, {row.run_id for row in rows})
    hours: dict[Key, ModelSums] = {}
    days: defaultdict[Key, ModelSums] = defaultdict(ModelSums)
    for (series, number, bucket, run_id), events in groups.items():
        hour = timestamp_text(moment_of(number * _HOUR))[: MODEL_HOURS.length]
        sums = ModelSums.of(events, event_type=series[1])
        hours[series_ids[series], bucket, hour, run_numbers[run_id]] = sums
        days[series_ids[series], bucket, hour[: MODEL_DAYS.length]].absorb(sums)
    kept_from = _first_hour(connection)
    _add(connection, MODEL_HOURS, {key: sums for key, sums in hours.items() if key[2] >= kept_from})
    _add(connection, MODEL_DAYS, days)


def add_up_models(connection: Connection) -> ModelSums:
    """Return the sum of all rollups, of hours and of days: each of them is read."""
    total = ModelSums()
    for grain in (MODEL_HOURS, MODEL_DAYS):
        query = f"SELECT {', '.join(ROLLUP_COLUMNS)} FROM {grain.table}"  # noqa: S608
        for row in connection.execute(query):
            total.absorb(ModelSums.from_row(row))
    return total


def _first_hour(connection: Connection) -> str:
    """Return the first hour that is kept: an earlier one would tell a part of its day only."""
    before = pruned_before(connection, MODEL_HOURS.table)
    return "" if before is None else timestamp_text(before)[: MODEL_HOURS.length]


def _add(connection: Connection, grain: ModelGrain, fresh: Mapping[Key, ModelSums]) -> None:
    for key, sums in fresh.items():
        for stored in connection.execute(grain.select, key):
            sums.absorb(ModelSums.from_row(stored))
    connection.execute_many(grain.upsert, [(*key, *sums.row()) for key, sums in fresh.items()])
