"""Reads model events."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ._rows import LOG_COLUMNS, OWNER_COLUMNS, SERIES_COLUMNS, model_from_row

if TYPE_CHECKING:
    from ...events.model import AnyModelEvent
    from .._connection import Connection

_COLUMNS: Final = ", ".join((*OWNER_COLUMNS, *SERIES_COLUMNS, *LOG_COLUMNS))
_OF_RUN: Final = (
    f"SELECT {_COLUMNS} FROM model_owners o JOIN model_log l "  # noqa: S608
    "ON l.owner_id = o.owner_id AND ts BETWEEN first AND last "
    "JOIN model_series USING (series_id) WHERE run_id = ? ORDER BY ts, event_id"
)


def read_models(connection: Connection, run_id: str) -> list[AnyModelEvent]:
    """Return the model events of a run in the order of their time."""
    return [model_from_row(row) for row in connection.execute(_OF_RUN, (run_id,))]
