"""The machine's time functions, captured before any clock can take their place.

The harness waits and measures with these, whatever the code under test is told.
"""

from time import monotonic, monotonic_ns, perf_counter, perf_counter_ns, sleep, time, time_ns

__all__ = [
    "monotonic",
    "monotonic_ns",
    "perf_counter",
    "perf_counter_ns",
    "sleep",
    "time",
    "time_ns",
]
