"""A change taken back by the user."""

from __future__ import annotations

from typing import Literal

from ._base import Milliseconds, TelemetryEvent


class UndoEvent(TelemetryEvent):
    """The user took a change back; `message_id` names the answer that made it."""

    event_type: Literal["undo"] = "undo"
    edit_latency_ms: Milliseconds | None = None
