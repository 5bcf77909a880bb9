"""Time as a dependency: the machine's, or a simulated one that costs nothing."""

from ..errors import ClockError
from ._real import Clock, RealClock, utc_now
from ._suspend import seconds_asleep
from ._virtual import VirtualClock

__all__ = ["Clock", "ClockError", "RealClock", "VirtualClock", "seconds_asleep", "utc_now"]
