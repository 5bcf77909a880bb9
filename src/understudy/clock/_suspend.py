"""How long the machine has slept: time that no clock of ours counts."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

#: Of each pair the first goes on while the machine sleeps: on Linux, on macOS.
_PAIRS: Final = (("CLOCK_BOOTTIME", "CLOCK_MONOTONIC"), ("CLOCK_MONOTONIC", "CLOCK_UPTIME_RAW"))


def _found() -> Callable[[], float | None]:
    """Return what reads the clocks of this system, captured before anybody takes their place."""
    read = getattr(time, "clock_gettime", None)
    for on, still in _PAIRS:
        if read is not None and hasattr(time, on) and hasattr(time, still):
            going, halting = getattr(time, on), getattr(time, still)
            return lambda: read(going) - read(halting)
    return lambda: None


#: The seconds for which the machine has slept since it was started; None where nobody knows.
seconds_asleep: Final = _found()
