"""Time as a dependency: the machine's, or a simulated one that costs nothing.

The simulated one, which brings asyncio, is loaded when it is first used.
"""

from typing import TYPE_CHECKING, Any

from ..errors import ClockError
from ._real import Clock, RealClock, utc_now
from ._suspend import seconds_asleep

if TYPE_CHECKING:
    from ._virtual import VirtualClock

__all__ = ["Clock", "ClockError", "RealClock", "VirtualClock", "seconds_asleep", "utc_now"]


def __getattr__(name: str) -> Any:
    """Load the simulated clock."""
    if name == "VirtualClock":
        from ._virtual import VirtualClock  # noqa: PLC0415 - commands do without

        return VirtualClock
    raise AttributeError(name)
