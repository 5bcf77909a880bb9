"""The seam of faults."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from ...playback import Playback
    from ...wire.writing import Failure, Rendered, Reply
    from .._incoming import IncomingCall


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
