"""A call handed to a higher tier."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from ._base import TelemetryEvent


class EscalationEvent(TelemetryEvent):
    """A tier gave up and handed the work to `tier`; the reason is required."""

    event_type: Literal["escalation"] = "escalation"
    escalation_reason: str = Field(min_length=1)
