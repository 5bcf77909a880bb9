"""How the transport fails."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

#: Simulated seconds after which a silence ends that the client sets no limit to.
LONGEST_SILENCE: Final = 600.0


class Breakage(StrEnum):
    """What happens to the connection. A body that merely ends too early is no breakage."""

    CONNECTION_REFUSED = "connection_refused"
    RESET = "reset"
    PEER_DROP = "peer_drop"
    READ_TIMEOUT = "read_timeout"


class Broken(Exception):  # noqa: N818 - no error of ours: each client has its own name for it
    """The connection broke. Whoever plays an answer to a client raises that client's error."""

    def __init__(self, kind: Breakage) -> None:
        super().__init__(kind.value.replace("_", " "))
        self.kind = kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Break:
    """A breakage and when it comes: `after` seconds of silence, None at once.

    It ends the body, or comes in the place of the head. A read time-out whose `after` is None
    comes when the client's own time-out has passed; on the real clock, where that may be
    minutes, at once.
    """

    kind: Breakage
    before_head: bool = False
    after: float | None = None

    def silence(self, read_timeout: float | None, *, waits: bool) -> float:
        """Return the seconds of silence before it; `waits` tells whether waiting is free."""
        if self.after is not None:
            return self.after
        if self.kind is not Breakage.READ_TIMEOUT or not waits:
            return 0.0
        return LONGEST_SILENCE if read_timeout is None else read_timeout
