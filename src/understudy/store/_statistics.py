"""Statistics of the calls in any window of time, from as few rows as possible."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final, TypeAlias

from ._moments import unpack
from ._records import ModelStatistics
from ._rollups import DAYS, HOURS, SUM_COLUMNS, Attempt, Rollup
from ._rows import timestamp_text
from ._windows import Kept, Span, cut_wide
from .retention import pruned_before

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from ._connection import Connection
    from ._grain import Grain

Groups: TypeAlias = "dict[tuple[str, ...], Rollup]"

_GROUP: Final = ("provider", "model", "origin", "clock")
_GRAINS: Final = {"days": DAYS, "hours": HOURS}
_CALLS: Final = f"""
SELECT COALESCE(provider, ''), COALESCE(response_model, request_model, ''),
    COALESCE(origin, ''), clock, {", ".join(Attempt._fields)}
FROM telemetry
WHERE event_type = 'llm_call' AND ts >= ? AND ts < ?
"""  # noqa: S608


def statistics_by_model(
    connection: Connection, since: datetime, until: datetime | None
) -> list[ModelStatistics]:
    """Add up whole days, whole hours and the calls at the ends; the fastest model first.

    Where the calls at an end are pruned, the whole hour is added; where the hours are, the day.
    """
    groups: Groups = {}
    kept = Kept(pruned_before(connection, "telemetry"), pruned_before(connection, HOURS.table))
    for span in cut_wide(since, until, kept):
        for group, rollup in _read(connection, span).items():
            groups.setdefault(group, Rollup()).absorb(rollup)
    return sorted((_statistics(group, rollup) for group, rollup in groups.items()), key=_rank)


def _read(connection: Connection, span: Span) -> Groups:
    start, end = timestamp_text(span.start), timestamp_text(span.end)
    if span.source == "rows":
        return _read_calls(connection, start, end)
    grain = _GRAINS[span.source]
    return _read_rollups(connection, grain, start[: grain.length], end[: grain.length])


def _read_calls(connection: Connection, start: str, end: str) -> Groups:
    attempts: defaultdict[tuple[str, ...], list[Attempt]] = defaultdict(list)
    for row in connection.execute(_CALLS, (start, end)):
        attempts[row[: len(_GROUP)]].append(Attempt(*row[len(_GROUP) :]))
    return {group: Rollup.of(each) for group, each in attempts.items()}


def _read_rollups(connection: Connection, grain: Grain, start: str, end: str) -> Groups:
    # The database adds up what it can; the histograms are added here.
    groups: Groups = {}
    for row in connection.execute(_sums(grain), (start, end)):
        sums, ttfc, duration = row[len(_GROUP) : -10], row[-10:-5], row[-5:]
        rollup = Rollup.from_row((*sums, *ttfc, b"", *duration, b""))
        groups[tuple(row[: len(_GROUP)])] = rollup
    rows = connection.execute(_histograms(grain), (start, end))
    for provider, model, origin, clock, ttfc, duration in rows:
        rollup = groups[provider, model, origin, clock]
        rollup.ttfc.histogram += unpack(ttfc)
        rollup.duration.histogram += unpack(duration)
    return groups


def _sums(grain: Grain) -> str:
    return f"""
    SELECT {", ".join(_GROUP)}, {", ".join(f"SUM({column})" for column in SUM_COLUMNS)},
        {_summed_moments("ttfc")}, {_summed_moments("duration")}
    FROM {grain.table} WHERE {grain.column} >= ? AND {grain.column} < ?
    GROUP BY {", ".join(_GROUP)}
    """  # noqa: S608


def _summed_moments(metric: str) -> str:
    """Return all of MOMENT_COLUMNS but the histogram."""
    return (
        f"SUM({metric}_count), SUM({metric}_sum), SUM({metric}_sum_squares), "
        f"MIN({metric}_min), MAX({metric}_max)"
    )


def _histograms(grain: Grain) -> str:
    return f"""
    SELECT {", ".join(_GROUP)}, ttfc_histogram, duration_histogram
    FROM {grain.table} WHERE {grain.column} >= ? AND {grain.column} < ?
    """  # noqa: S608


def _statistics(group: Sequence[str], rollup: Rollup) -> ModelStatistics:
    provider, model, origin, clock = group
    sums = dict(zip(SUM_COLUMNS, rollup.sums, strict=True))
    tokens, milliseconds = sums.pop("timed_output_tokens"), sums.pop("timed_duration_ms")
    return ModelStatistics(
        provider=provider or None,
        model=model or None,
        origin=origin or None,
        clock=clock,
        **sums,
        ms_per_output_token=milliseconds / tokens if tokens else None,
        ttfc=rollup.ttfc.latency(),
        duration=rollup.duration.latency(),
    )


def _rank(found: ModelStatistics) -> tuple[bool, float, str]:
    speed = found.ms_per_output_token
    return (speed is None, speed or 0.0, found.model or "")
