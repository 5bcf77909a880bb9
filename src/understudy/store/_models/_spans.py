"""Reads the sums of answers in one span of a window, from rollups or from rows."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from ...stats import TokenSums
from .._rows import timestamp_text
from ._rollups import MODEL_DAYS, MODEL_HOURS, ModelGrain
from ._rows import micros, moment_of
from ._sums import BUCKETS, Measured, sums_of_answers

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from .._connection import Connection
    from .._windows import Span

#: Component, source and bucket; then day and run where these are asked for.
Group: TypeAlias = "tuple[Any, ...]"

_FIELDS: Final = tuple(field.name for field in fields(TokenSums))
_EXTREMES: Final = {"least": "MIN", "most": "MAX"}
_GRAINS: Final = {"days": MODEL_DAYS, "hours": MODEL_HOURS}
#: PostgreSQL sums integers as numbers of any length, and floats as floats.
_SUMMED: Final = ", ".join(f"{_EXTREMES.get(name, 'SUM')}(r.{name})" for name in _FIELDS)
#: One place in the table for each, so that nothing is sorted to add it up.
_ALL_BUCKETS: Final = ", ".join(map(str, BUCKETS))
_ONE: Final = " AND s.component = ?"


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose answers are asked for, and whether each day and run stands for itself."""

    component: str | None = None
    by_day: bool = False
    by_run: bool = False

    def parameters(self, *bounds: Any) -> Sequence[Any]:
        """Return what a query with these bounds takes."""
        return bounds if self.component is None else (*bounds, self.component)

    @property
    def condition(self) -> str:
        """What a query asks besides."""
        return "" if self.component is None else _ONE


def read_span(connection: Connection, span: Span, asked: Asked) -> Mapping[Group, TokenSums]:
    """Return the sums of each group with answers in the span."""
    if span.source == "rows":
        return _read_rows(connection, span, asked)
    return _read_rollups(connection, _GRAINS[span.source], span, asked)


def _read_rollups(
    connection: Connection, grain: ModelGrain, span: Span, asked: Asked
) -> Mapping[Group, TokenSums]:
    start, end = (timestamp_text(each)[: grain.length] for each in (span.start, span.end))
    rows = connection.execute(_rollup_query(grain, asked), asked.parameters(start, end))
    width = 3 + asked.by_day + asked.by_run
    return {tuple(row[:width]): token_sums(row[width:]) for row in rows}


def _rollup_query(grain: ModelGrain, asked: Asked) -> str:
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


def _day_of(grain: ModelGrain) -> str:
    if grain is MODEL_DAYS:
        return f"r.{grain.column}"
    return f"substr(r.{grain.column}, 1, {MODEL_DAYS.length})"


def token_sums(values: Sequence[Any]) -> TokenSums:
    """Make sums of values in the order of their fields."""
    return TokenSums(**dict(zip(_FIELDS, values, strict=True)))


_ROWS: Final = """
SELECT s.component, s.source, l.ts, {run_id}, l.value, l.tokens, l.prompt_tokens, l.prompt_ms,
    l.decode_ms, l.success
FROM model_log l JOIN model_series s ON s.series_id = l.series_id {owners}
WHERE l.ts >= ? AND l.ts < ? AND s.event_type = 'THOUGHT_LATENCY' AND l.tokens IS NOT NULL
"""
_OWNERS: Final = "JOIN model_owners o ON o.owner_id = l.owner_id"


def _read_rows(connection: Connection, span: Span, asked: Asked) -> Mapping[Group, TokenSums]:
    query = _ROWS.format(
        run_id="o.run_id" if asked.by_run else "NULL", owners=_OWNERS if asked.by_run else ""
    )
    parameters = asked.parameters(micros(span.start), micros(span.end))
    groups: defaultdict[Group, list[Measured]] = defaultdict(list)
    for component, source, ts, run_id, *values in connection.execute(
        query + asked.condition, parameters
    ):
        event = Measured(*values)
        day = (timestamp_text(moment_of(ts))[: MODEL_DAYS.length],) if asked.by_day else ()
        run = (run_id,) if asked.by_run else ()
        groups[component, source, event.bucket, *day, *run].append(event)
    return {group: sums_of_answers(events) for group, events in groups.items()}
