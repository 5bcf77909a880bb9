"""Faults of when and in what pieces the body comes. The answer itself is whole."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ...playback import rechunked, slowed
from ._checks import check_count, check_seconds
from ._fault import Fault

if TYPE_CHECKING:
    from ...playback import Playback
    from .._incoming import IncomingCall


@dataclass(frozen=True, kw_only=True)
class SlowChunks(Fault):
    """Each further piece of the body comes `seconds` later than it would."""

    spoils = False
    seconds: float = 0.1

    def __post_init__(self) -> None:
        check_seconds("seconds", self.seconds)

    def on_playback(self, playback: Playback, call: IncomingCall) -> Playback:  # noqa: ARG002
        return slowed(playback, self.seconds)


@dataclass(frozen=True, kw_only=True)
class Rechunked(Fault):
    """The body comes in pieces of `size` bytes, which fall anywhere."""

    spoils = False
    size: int = 7

    def __post_init__(self) -> None:
        check_count("size", self.size, least=1)

    def on_playback(self, playback: Playback, call: IncomingCall) -> Playback:  # noqa: ARG002
        return rechunked(playback, self.size)
