"""The machine's time functions, captured before any clock can take their place.

The harness waits and measures with these, whatever the code under test is told.
"""

from __future__ import annotations

import sys
from contextlib import suppress
from time import monotonic, monotonic_ns, perf_counter, perf_counter_ns, sleep, time, time_ns
from typing import TYPE_CHECKING, Final

from ._suspend import seconds_asleep

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = [
    "monotonic",
    "monotonic_ns",
    "perf_counter",
    "perf_counter_ns",
    "sleep",
    "time",
    "time_ns",
]


def _anchored() -> Callable[[], float]:
    """Ask for the time of day once, and count from then on what passes, asleep too.

    time-machine moves `time` itself, and freezegun every name of a module that stands for one of
    these functions; neither finds a function that stands in no module.
    """
    passed, asleep = monotonic, seconds_asleep
    began = _time_of_day() - passed() - (asleep() or 0.0)
    return lambda: began + passed() + (asleep() or 0.0)


def _time_of_day() -> float:
    travels = sys.modules.get("time_machine")
    with suppress(AttributeError, ValueError):  # nobody travels
        found: float = travels.escape_hatch.time.time()  # type: ignore[union-attr]
        return found
    return time()


#: The real seconds since the epoch, also where somebody moves `time`. No function of `time`'s own.
real_time: Final = _anchored()
