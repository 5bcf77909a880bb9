"""What a profile may know of a call, and the moments at which it lets lines come."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, Final, Protocol

from ..errors import RegistrationError
from ._ranges import LONGEST_MS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class TimedCall:
    """One call: its seed, and how many calls are in flight at this moment, itself included."""

    __slots__ = ("_random", "in_flight", "seed")

    def __init__(self, seed: str = "", *, in_flight: Callable[[], int] = lambda: 1) -> None:
        self.seed = seed
        self.in_flight = in_flight
        self._random: Random | None = None

    @property
    def random(self) -> Random:
        """The call's own random numbers, made when first asked for: seeding takes 10 µs."""
        if self._random is None:
            self._random = Random(self.seed)  # noqa: S311 - repeatable, not secret
        return self._random


class DelayProfile(Protocol):
    """Says how long the lines of an answer take."""

    def delays(self, call: TimedCall) -> Iterator[float]:
        """Yield seconds: before the first line, then before each further one.

        Lines after the last delay come at once.
        """


_MICROSECONDS: Final = 1_000_000
_LONGEST: Final = LONGEST_MS / 1000


def due_times(profile: DelayProfile, call: TimedCall) -> Iterator[float]:
    """Yield for each line when it is due, in seconds since the request, for ever.

    Delays are added as whole microseconds, so that no error accumulates. Each is drawn when
    its line is asked for.

    Raises:
        RegistrationError: the profile gave a delay that is negative or no number.
    """
    elapsed = 0
    for delay in profile.delays(call):
        if not 0 <= delay <= _LONGEST:
            msg = f"{profile!r} gave a delay of {delay!r} s; a delay is from 0 to {_LONGEST:g} s."
            raise RegistrationError(msg)
        elapsed += round(delay * _MICROSECONDS)
        yield elapsed / _MICROSECONDS
    while True:
        yield elapsed / _MICROSECONDS
