"""How large the store and its tables are, without a look at every row where that can be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ._models import moment_of
from ._records import Footprint, TableSize
from ._rows import timestamp

if TYPE_CHECKING:
    from collections.abc import Mapping
    from collections.abc import Set as AbstractSet
    from datetime import datetime

    from ._connection import Connection

# One look at the end of an index for each; ids are in the order of time. A plain MIN(ts) of
# telemetry reads it all.
_OLDEST: Final = {
    "runs": ("SELECT MIN(started) FROM runs",),
    "telemetry": tuple(
        f"SELECT MIN(ts) FROM telemetry WHERE event_type = '{kind}'"  # noqa: S608
        for kind in ("llm_call", "direct_edit", "undo", "escalation")
    ),
    "token_estimates": ("SELECT MIN(ts) FROM token_estimates",),
    "lifecycle_events": ("SELECT ts FROM lifecycle_events ORDER BY event_id LIMIT 1",),
    "model_log": ("SELECT MIN(ts) FROM model_log",),
}
#: Bytes of a row with its part of the indexes, as usual rows have them.
_ROW_BYTES: Final = {
    "runs": 335,
    "phases": 250,
    "telemetry": 712,
    "token_estimates": 429,
    "lifecycle_events": 402,
    "model_log": 98,
    "model_owners": 223,
}
_SMALL_ROW_BYTES: Final = 100
#: Tables whose rows are read under another name.
_DOCUMENTED: Final = {"model_log": "model_events"}
#: Of events that are pruned by their age, and of those that are kept unless it is asked for.
_PRUNED: Final = frozenset({"telemetry", "lifecycle_events", "model_log"})
_KEPT: Final = frozenset({"token_estimates"})


def footprint_of(connection: Connection) -> Footprint:
    """Return how large the store is; only the size of the whole is exact."""
    counts, size = connection.row_counts(), connection.size_bytes()
    oldest = {table: _oldest(connection, table) for table in counts}
    sizes = _estimated_sizes(counts, size)
    tables = [
        TableSize(_DOCUMENTED.get(table, table), sizes[table], rows, oldest[table])
        for table, rows in sorted(counts.items())
    ]
    return Footprint(
        size_bytes=size,
        rows={each.table: each.rows for each in tables},
        oldest=_first(oldest, _PRUNED | _KEPT),
        oldest_prunable=_first(oldest, _PRUNED),
        tables=tuple(tables),
    )


def footprint_as_json(footprint: Footprint) -> dict[str, Any]:
    """Return it as values of JSON, under the names that are documented."""
    return {
        "table_sizes": [
            {
                "table": each.table,
                "size_bytes": each.size_bytes,
                "rows": each.rows,
                "oldest": None if each.oldest is None else each.oldest.isoformat(),
            }
            for each in footprint.tables
        ],
        "total_bytes": footprint.size_bytes,
        "total_rows": sum(each.rows for each in footprint.tables),
        "oldest": None if footprint.oldest is None else footprint.oldest.isoformat(),
    }


def _first(oldest: Mapping[str, datetime | None], tables: AbstractSet[str]) -> datetime | None:
    return min((each for name, each in oldest.items() if name in tables and each), default=None)


def _oldest(connection: Connection, table: str) -> datetime | None:
    found = [row[0] for query in _OLDEST.get(table, ()) for row in connection.execute(query)]
    return min((_moment(value) for value in found if value is not None), default=None)


def _moment(value: Any) -> datetime:
    return moment_of(value) if isinstance(value, int) else timestamp(value)


def _estimated_sizes(counts: Mapping[str, int], size: int) -> Mapping[str, int]:
    """Return rows times their usual size, and together no more than there is."""
    usual = {
        table: rows * _ROW_BYTES.get(table, _SMALL_ROW_BYTES) for table, rows in counts.items()
    }
    share = min(1.0, size / max(1, sum(usual.values())))
    return {table: int(each * share) for table, each in usual.items()}
