"""What a clock refuses."""

from __future__ import annotations

from ..errors import UnderstudyError


class ClockError(UnderstudyError):
    """The clock cannot be used in this way, or not on this event loop."""

    slug = "clock"
