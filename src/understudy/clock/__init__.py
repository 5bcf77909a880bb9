"""Time as a dependency: the machine's, or a simulated one that costs nothing."""

from __future__ import annotations

from ..errors import ClockError
from ._protocol import Clock
from ._real import RealClock, utc_now
from ._virtual import VirtualClock

__all__ = ["Clock", "ClockError", "RealClock", "VirtualClock", "utc_now"]
