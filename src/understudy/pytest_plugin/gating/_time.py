"""The time of day."""

from __future__ import annotations

from datetime import UTC, datetime

from ...clock import RealClock


def now() -> datetime:
    """Return it, also where the clock of the tests is a virtual one."""
    return datetime.fromtimestamp(RealClock().wall(), UTC)
