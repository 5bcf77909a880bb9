"""Reads the sums of answers in one span of a window, from rollups or from rows."""

from __future__ import annotations

from dataclasses import fields
from functools import partial
from operator import add
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from ...stats import TokenSums, extreme
from .._rows import timestamp_text
from ._rollups import MODEL_DAYS, MODEL_HOURS
from ._row_sums import DAY, row_query
from ._rows import micros, moment_of
from ._sums import BUCKETS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from .._connection import Connection
    from .._grain import Grain
    from .._windows import Span
    from ._asked import Asked

#: Component, source and bucket; then day and run where these are asked for.
Group: TypeAlias = "tuple[Any, ...]"

_FIELDS: Final = tuple(field.name for field in fields(TokenSums))
_EXTREMES: Final = {"least": "MIN", "most": "MAX"}
_JOINED: Final[Mapping[str, Callable[[Any, Any], Any]]] = {
    "least": partial(extreme, min),
    "most": partial(extreme, max),
}
_JOINS: Final = tuple(_JOINED.get(name, add) for name in _FIELDS)
_GRAINS: Final = {"days": MODEL_DAYS, "hours": MODEL_HOURS}
#: PostgreSQL sums integers as numbers of any length, and floats as floats.
_SUMMED: Final = ", ".join(f"{_EXTREMES.get(name, 'SUM')}(r.{name})" for name in _FIELDS)
#: One place in the table for each, so that nothing is sorted to add it up.
_ALL_BUCKETS: Final = ", ".join(map(str, BUCKETS))


def read_sums(
    connection: Connection, spans: Iterable[Span], asked: Asked
) -> Iterator[tuple[Group, TokenSums]]:
    """Yield the sums of each group with answers in the spans."""
    groups: dict[Group, Sequence[Any]] = {}
    for span in spans:
        for group, values in _read_span(connection, span, asked):
            known = groups.get(group)
            groups[group] = values if known is None else _added(known, values)
    for group, values in groups.items():
        yield group, TokenSums(**dict(zip(_FIELDS, values, strict=True)))


def _added(one: Sequence[Any], other: Sequence[Any]) -> Sequence[Any]:
    """Add up before there are records: those take longer than all the queries."""
    return [join(*pair) for join, *pair in zip(_JOINS, one, other, strict=True)]


def _read_span(
    connection: Connection, span: Span, asked: Asked
) -> Iterator[tuple[Group, Sequence[Any]]]:
    if span.source == "rows":
        return _read_rows(connection, span, asked)
    return _read_rollups(connection, _GRAINS[span.source], span, asked)


def _read_rollups(
    connection: Connection, grain: Grain, span: Span, asked: Asked
) -> Iterator[tuple[Group, Sequence[Any]]]:
    start, end = (timestamp_text(each)[: grain.length] for each in (span.start, span.end))
    rows = connection.execute(_rollup_query(grain, asked), asked.parameters(start, end))
    width = 3 + asked.by_day + asked.by_run
    return ((row[:width], row[width:]) for row in rows)


def _rollup_query(grain: Grain, asked: Asked) -> str:
    group = ["s.series_id", "r.bucket"]
    if asked.by_day:
        group.append(_day_of(grain))
    if asked.by_run:
        group.append("n.run_number")
    told = ["n.run_id" if each == "n.run_number" else each for each in group[1:]]
    runs = "JOIN model_runs n ON n.run_number = r.run_number" if asked.by_run else ""
    return f"""
    SELECT s.component, s.source, {", ".join(told)}, {_SUMMED}
    FROM model_series s JOIN {grain.table} r
        ON r.series_id = s.series_id AND r.bucket IN ({_ALL_BUCKETS})
        AND r.{grain.column} >= ? AND r.{grain.column} < ? {runs}
    WHERE s.event_type = 'THOUGHT_LATENCY'{asked.condition}
    GROUP BY {", ".join(group)}
    """  # noqa: S608


def _day_of(grain: Grain) -> str:
    if grain is MODEL_DAYS:
        return f"r.{grain.column}"
    return f"substr(r.{grain.column}, 1, {MODEL_DAYS.length})"


def _read_rows(
    connection: Connection, span: Span, asked: Asked
) -> Iterator[tuple[Group, Sequence[Any]]]:
    parameters = asked.parameters(micros(span.start), micros(span.end))
    rows = connection.execute(row_query(asked), parameters)
    width = 3 + asked.by_day + asked.by_run
    return ((_group(row[:width], asked), row[width:]) for row in rows)


def _group(names: Sequence[Any], asked: Asked) -> Group:
    if not asked.by_day:
        return tuple(names)
    day = timestamp_text(moment_of(names[3] * DAY))[: MODEL_DAYS.length]
    return (*names[:3], day, *names[4:])
