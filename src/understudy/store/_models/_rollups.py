"""Sums of model events by the hour and run and by the day, kept up to date as they are written."""

from __future__ import annotations

from collections import defaultdict
from operator import itemgetter
from typing import TYPE_CHECKING, Final

from .._grain import Grain, Key
from .._rows import timestamp_text
from ..retention import pruned_before
from ._numbers import numbers_of_runs, numbers_of_series
from ._rows import LOG_COLUMNS, ModelRow, moment_of
from ._sums import ROLLUP_COLUMNS, Measured, ModelSums

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .._connection import Connection

MODEL_DAYS: Final = Grain(
    "model_rollups_daily", ("series_id", "bucket", "day"), "day", len("2026-01-31"), ROLLUP_COLUMNS
)
MODEL_HOURS: Final = Grain(
    "model_rollups_hourly",
    ("series_id", "bucket", "hour", "run_number"),
    "hour",
    len("2026-01-31T23"),
    ROLLUP_COLUMNS,
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
    kept = {key: sums for key, sums in hours.items() if key[2] >= kept_from}
    MODEL_HOURS.add(connection, kept)
    MODEL_DAYS.add(connection, days)


def add_up_models(connection: Connection) -> ModelSums:
    """Return the sum of all rollups, of hours and of days: each of them is read."""
    total = ModelSums()
    for grain in (MODEL_HOURS, MODEL_DAYS):
        for row in grain.all_rows(connection):
            total.absorb(ModelSums.from_row(row))
    return total


def _first_hour(connection: Connection) -> str:
    """Return the first hour that is kept: an earlier one would tell a part of its day only."""
    before = pruned_before(connection, MODEL_HOURS.table)
    return "" if before is None else timestamp_text(before)[: MODEL_HOURS.length]
