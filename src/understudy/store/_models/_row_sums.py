"""Adds up answers from their rows, in the database: the ends of a window."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ...stats import TOKEN_BUCKETS

if TYPE_CHECKING:
    from ._asked import Asked

#: Microseconds.
DAY: Final = 86_400_000_000

_STARTS: Final = [name.rstrip("+").split("-")[0] for name in TOKEN_BUCKETS]
_BUCKET: Final = " ".join(
    f"WHEN l.tokens < {start} THEN {number}" for number, start in enumerate(_STARTS[1:])
)
_PROMPT: Final = "l.prompt_tokens IS NOT NULL AND l.prompt_ms IS NOT NULL"
_FLOAT_TOKENS: Final = "CAST(l.tokens AS DOUBLE PRECISION)"
_LOG: Final = "CASE WHEN l.value > 0 THEN ln(l.value) ELSE 0 END"
#: In the order of the fields of TokenSums.
_SUMS: Final = f"""
    COUNT(*), SUM(l.tokens), SUM(l.value * l.tokens), SUM({_FLOAT_TOKENS} * l.tokens),
    SUM(l.value * l.tokens * l.tokens), COUNT(CASE WHEN l.value > 0 THEN 1 END),
    SUM({_LOG}), SUM(({_LOG}) * ({_LOG})), MIN(l.value), MAX(l.value),
    SUM(CASE WHEN {_PROMPT} THEN l.prompt_tokens ELSE 0 END),
    SUM(CASE WHEN {_PROMPT} THEN l.prompt_ms ELSE 0 END),
    SUM(CASE WHEN l.decode_ms IS NOT NULL THEN l.tokens ELSE 0 END),
    SUM(COALESCE(l.decode_ms, 0))
"""
# Whole numbers are cut off towards 0, also before 1970.
_DAY_NUMBER: Final = f"CASE WHEN l.ts >= 0 THEN l.ts / {DAY} ELSE -(({DAY - 1} - l.ts) / {DAY}) END"
_OWNERS: Final = "JOIN model_owners o ON o.owner_id = l.owner_id"


def row_query(asked: Asked) -> str:
    """Return the query for the sums of each group between two times in microseconds.

    Days are told by their number since 1970.
    """
    group = [f"CASE {_BUCKET} ELSE {len(_STARTS) - 1} END"]
    if asked.by_day:
        group.append(_DAY_NUMBER)
    if asked.by_run:
        group.append("o.run_id")
    return f"""
    SELECT s.component, s.source, {", ".join(group)}, {_SUMS}
    FROM model_log l JOIN model_series s ON s.series_id = l.series_id
        {_OWNERS if asked.by_run else ""}
    WHERE l.ts >= ? AND l.ts < ? AND s.event_type = 'THOUGHT_LATENCY' AND l.tokens IS NOT NULL
        {asked.condition}
    GROUP BY s.series_id, {", ".join(group)}
    """  # noqa: S608
