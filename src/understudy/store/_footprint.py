"""How large the store is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ._results import Footprint
from ._rows import timestamp

if TYPE_CHECKING:
    from ._connection import Connection

# One look at the end of the index for each type; a plain MIN(ts) reads it all.
_OLDEST: Final = "SELECT MIN(ts) FROM telemetry WHERE event_type = ?"
_EVENT_TYPES: Final = ("llm_call", "direct_edit", "undo", "escalation")


def footprint(connection: Connection) -> Footprint:
    """Say how large the store is, without a look at every row where that can be."""
    oldest = [connection.execute(_OLDEST, (kind,))[0][0] for kind in _EVENT_TYPES]
    return Footprint(
        size_bytes=connection.size_bytes(),
        rows=connection.row_counts(),
        oldest=min((timestamp(ts) for ts in oldest if ts is not None), default=None),
    )
