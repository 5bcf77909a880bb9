"""The telemetry that runs in this process, for application code that was handed none."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ._telemetry import Telemetry

#: Innermost last. The one piece of state of the process: `LLMCallTracker()` stands in
#: application code, which nobody can pass the run's telemetry to.
_RUNNING: Final[list[Telemetry]] = []


def active_telemetry() -> Telemetry | None:
    """Return the telemetry that runs in this process, None where none does."""
    return _RUNNING[-1] if _RUNNING else None


@contextmanager
def activated(telemetry: Telemetry) -> Iterator[None]:
    """Make `telemetry` the one that runs in this process."""
    _RUNNING.append(telemetry)
    try:
        yield
    finally:
        _RUNNING.remove(telemetry)
