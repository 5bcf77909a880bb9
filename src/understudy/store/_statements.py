"""The statements that write and read whole records."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ._rows import (
    ESTIMATE_COLUMNS,
    EVENT_COLUMNS,
    LIFECYCLE_COLUMNS,
    PHASE_COLUMNS,
    RUN_COLUMNS,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def insert(table: str, columns: Sequence[str]) -> str:
    """Write one row."""
    return (
        f"INSERT INTO {table} ({', '.join(columns)}) "  # noqa: S608
        f"VALUES ({', '.join('?' * len(columns))})"
    )


def _upsert(table: str, columns: Sequence[str], key: Sequence[str]) -> str:
    """Write one row; what is known of it gives way to what is known now."""
    updates = ", ".join(
        f"{column} = COALESCE(excluded.{column}, {table}.{column})"
        for column in columns
        if column not in key
    )
    return f"{insert(table, columns)} ON CONFLICT ({', '.join(key)}) DO UPDATE SET {updates}"


def bounded(query: str, bounds: Mapping[str, Any], *, order: str) -> tuple[str, list[Any]]:
    """Add those conditions whose bound is not None; return the parameters too."""
    given = {condition: bound for condition, bound in bounds.items() if bound is not None}
    where = f" WHERE {' AND '.join(f'{condition} ?' for condition in given)}" if given else ""
    return f"{query}{where} ORDER BY {order}", list(given.values())


def chosen(event_ids: Sequence[str]) -> tuple[str, Sequence[str]]:
    """Return the events of some ids, and the parameters."""
    marks = ", ".join("?" * len(event_ids))
    columns = ", ".join(EVENT_COLUMNS)
    return f"SELECT {columns} FROM telemetry WHERE event_id IN ({marks})", event_ids  # noqa: S608


# A run that was made up from its events started no later than the first of them.
WRITE_RUN: Final = _upsert("runs", RUN_COLUMNS, ("run_id",)).replace(
    "started = COALESCE(excluded.started, runs.started)",
    "started = CASE WHEN excluded.started < runs.started "
    "THEN excluded.started ELSE runs.started END",
)
WRITE_PHASE: Final = _upsert("phases", PHASE_COLUMNS, ("run_id", "phase_id", "worker", "rerun"))
FINISH_RUN: Final = "UPDATE runs SET finished = ?, exit_status = ? WHERE run_id = ?"
RUNS: Final = f"SELECT {', '.join(RUN_COLUMNS)} FROM runs ORDER BY started DESC, run_id DESC"  # noqa: S608
LATEST_RUN: Final = (
    "SELECT run_id FROM runs WHERE kind = 'pytest' ORDER BY started DESC, run_id DESC LIMIT 1"
)
RUN_KIND: Final = "SELECT kind FROM runs WHERE run_id = ?"
EVENTS: Final = (
    f"SELECT {', '.join(EVENT_COLUMNS)} FROM telemetry WHERE run_id = ? ORDER BY ts, event_id"  # noqa: S608
)
LIFECYCLE: Final = (
    f"SELECT {', '.join(LIFECYCLE_COLUMNS)} FROM lifecycle_events "  # noqa: S608
    "WHERE run_id = ? ORDER BY ts, event_id"
)
PHASES: Final = (
    f"SELECT {', '.join(PHASE_COLUMNS)} FROM phases WHERE run_id = ? "  # noqa: S608
    "ORDER BY phase_id, worker, rerun"
)
ESTIMATES: Final = f"SELECT {', '.join(ESTIMATE_COLUMNS)} FROM token_estimates"  # noqa: S608
RUN_EXISTS: Final = "SELECT 1 FROM runs WHERE run_id = ?"
DELETE_RUN: Final = (
    # Events first: phase by phase the database would look for them again and again.
    "DELETE FROM telemetry WHERE run_id = ?",
    "DELETE FROM token_estimates WHERE run_id = ?",
    "DELETE FROM lifecycle_events WHERE run_id = ?",
    "DELETE FROM model_owners WHERE run_id = ?",
    "DELETE FROM runs WHERE run_id = ?",
)
