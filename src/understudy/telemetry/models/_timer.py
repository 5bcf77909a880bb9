"""How long something took, on the clock that it began on, and never across a sleep."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final, Self

from ...clock import seconds_asleep
from ...errors import ClockError, ModelEventError

if TYPE_CHECKING:
    from collections.abc import Callable

    from ...clock import Clock

#: The two clocks that tell of a sleep are not read at one moment.
_AWAKE: Final = 1.0


class TimerStart(float):
    """A moment in seconds, which remembers its clock and how long the machine had slept."""

    clock: Clock
    slept: float | None
    asleep: Callable[[], float | None]

    def __new__(cls, clock: Clock, *, asleep: Callable[[], float | None] = seconds_asleep) -> Self:
        """Read the clock, and with `asleep` the seconds for which the machine slept so far."""
        start = super().__new__(cls, clock.now())
        start.clock, start.slept, start.asleep = clock, asleep(), asleep
        return start

    def __reduce__(self) -> tuple[type[float], tuple[float]]:
        return float, (float(self),)  # a copy, or one in another process, is a number


def measure(start: float, clock: Clock) -> float:
    """Return the seconds since `start`, on its own clock, else on `clock`.

    Raises:
        ModelEventError: `start` is no moment, or one that is still to come.
        ClockError: the machine slept meanwhile.
    """
    if isinstance(start, TimerStart):
        clock = start.clock
        _check_awake(start)
    elapsed = clock.now() - _moment(start)
    if elapsed < 0:
        msg = f"a time cannot be measured from {start!r}: that moment is still to come."
        raise ModelEventError(msg)
    return elapsed


def _moment(start: Any) -> float:
    is_number = isinstance(start, float | int) and not isinstance(start, bool)
    if not is_number or not math.isfinite(start):
        msg = f"a time cannot be measured from {start!r}: give what start_timer() returned."
        raise ModelEventError(msg)
    return float(start)


def _check_awake(start: TimerStart) -> None:
    slept = start.asleep()
    if slept is None or start.slept is None or slept - start.slept <= _AWAKE:
        return
    msg = (
        f"the machine slept for {slept - start.slept:.1f} s while a time was measured,"
        " which is not known now; measure again."
    )
    raise ClockError(msg)
