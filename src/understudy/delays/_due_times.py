"""From the delays of a profile to the moments when lines are due."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

from ..errors import RegistrationError
from ._ranges import LONGEST_MS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ._call import TimedCall


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
