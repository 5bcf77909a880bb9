"""Version 7: model events in a quarter of the room, behind a view of the names that they had.

A row names its owner (which test of which run) and its series (component, type and source) by a
number, and is kept in the order of time; what follows from the rest is made again by the view.
"""

from __future__ import annotations

from typing import Final

from .._migration import Migration
from ._carry import carry_events
from ._tables import INDEXES, TABLES
from ._view import VIEW

__all__ = ["MODEL_LOG"]

MODEL_LOG: Final = Migration(
    name="0007_model_log",
    statements=("ALTER TABLE model_events RENAME TO model_events_before", *TABLES, *INDEXES, VIEW),
    tables=("model_owners", "model_series", "model_runs"),
    bulk_tables=("model_log",),
    dropped=("model_events",),
    carry=carry_events,
)
