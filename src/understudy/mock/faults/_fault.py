"""The seam of faults, and checks of their options."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final

if TYPE_CHECKING:
    from ...playback import Playback
    from ...wire.writing import Failure, Rendered, Reply
    from .._call import IncomingCall

_LONGEST: Final = 86_400.0


def check_seconds(name: str, value: object) -> None:
    """Refuse what is no number of seconds from 0 to a day."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= _LONGEST:
        msg = f"{name} is {value!r}; give seconds from 0 to {_LONGEST:g}"
        raise ValueError(msg)


def check_count(name: str, value: object, *, least: int = 0) -> None:
    """Refuse what is neither None nor a whole number from `least` on."""
    if value is None:
        return
    if isinstance(value, bool) or not isinstance(value, int) or value < least:
        msg = f"{name} is {value!r}; give a whole number from {least} on"
        raise ValueError(msg)


class Fault:
    """What befalls one attempt of a call; a fault of your own overrides what it changes.

    The methods are asked in this order, each gets what the one before gave. A fault that
    `spoils` leaves the client without a whole answer: the reply is kept for the next attempt,
    and of several such faults each attempt meets one. The others are laid over the answer.
    """

    spoils: ClassVar[bool] = True

    def instead(self, call: IncomingCall) -> Failure | Playback | None:  # noqa: ARG002
        """Return what comes in the place of an answer; None where there is to be one."""
        return None

    def on_reply(self, reply: Reply, call: IncomingCall) -> Reply:  # noqa: ARG002
        """Change what the model says."""
        return reply

    def on_rendered(self, rendered: Rendered, call: IncomingCall) -> Rendered:  # noqa: ARG002
        """Change status, headers or the bytes of each event."""
        return rendered

    def on_playback(self, playback: Playback, call: IncomingCall) -> Playback:  # noqa: ARG002
        """Change when the bytes come, or how the connection ends."""
        return playback


@dataclass(frozen=True, kw_only=True)
class AfterLines(Fault):
    """It comes after so many lines; what None is, says the fault."""

    after_lines: int | None = None

    def __post_init__(self) -> None:
        check_count("after_lines", self.after_lines)
