"""What a cassette says to a request: a hit, or a miss that explains itself."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from .._interaction import Interaction, RecordedRequest
    from ._keys import Keys


class MissAction(StrEnum):
    """What follows from a miss.

    `record`: send it and append what came. `refuse`: send nothing, fail. `ignore`: send it,
    keep nothing.
    """

    RECORD = "record"
    REFUSE = "refuse"
    IGNORE = "ignore"


class MissReason(StrEnum):
    """Why there is no hit."""

    NO_CASSETTE = "no_cassette"
    NO_MATCH = "no_match"
    ALREADY_PLAYED = "already_played"
    CANCELLED = "cancelled"
    RECORD_MODE = "record_mode"
    IGNORED = "ignored"


@dataclass(frozen=True, slots=True)
class Hit:
    """A recording that has just been played; `index` is its place, from 0.

    `is_changed` tells that the request had another body, where bodies are not compared.
    """

    index: int
    recorded: Interaction
    is_changed: bool = False


@dataclass(frozen=True, slots=True)
class Nearest:
    """The interaction most like a request: its place, and lines on what differs."""

    index: int
    differences: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """The words for a miss, and the interaction that came nearest."""

    text: str
    nearest: Nearest | None = None


class Miss:
    """No recording answers; `request` is redacted.

    `ticket` is the place of the request in the order in which requests were made; `keys` are its
    keys, None where the cassette ignores it.
    """

    def __init__(
        self,
        action: MissAction,
        reason: MissReason,
        request: RecordedRequest,
        *,
        keys: Keys | None,
        ticket: int,
        explain: Callable[[Miss], Explanation],
    ) -> None:
        self.action = action
        self.reason = reason
        self.request = request
        self.keys = keys
        self.ticket = ticket
        self._explain = explain

    @property
    def text(self) -> str:
        """What was asked for, what is recorded that is like it, what differs. Dear: 10-500 ms."""
        return self._explained.text

    @property
    def nearest(self) -> Nearest | None:
        """The interaction that is most like the request; None where nothing is recorded."""
        return self._explained.nearest

    @cached_property
    def _explained(self) -> Explanation:
        return self._explain(self)

    def __repr__(self) -> str:
        return f"<Miss {self.action} ({self.reason}): {self.request.method} {self.request.url}>"
