"""A direct edit by the user, without a model."""

from __future__ import annotations

from typing import Literal

from ._base import Count, Milliseconds, TelemetryEvent


class DirectEditEvent(TelemetryEvent):
    """The user changed the subject by hand; `edit_latency_ms` is how long the app took."""

    event_type: Literal["direct_edit"] = "direct_edit"
    edit_latency_ms: Milliseconds | None = None
    lines_emitted: Count | None = None
    lines_accepted: Count | None = None
    lines_rejected: Count | None = None
