"""Faults of the connection, and of when and in what pieces the body comes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

from ...playback import Break, Breakage, Playback, rechunked, slowed
from ._bodies import cut_off
from ._fault import AfterLines, Fault, check_count, check_seconds

if TYPE_CHECKING:
    from ...wire.writing import Rendered
    from .._call import IncomingCall

_NO_STATUS = 0


@dataclass(frozen=True, kw_only=True)
class ConnectionRefused(Fault):
    """Nobody listens."""

    def instead(self, call: IncomingCall) -> Playback:  # noqa: ARG002
        broken = Break(kind=Breakage.CONNECTION_REFUSED, before_head=True)
        return Playback(status=_NO_STATUS, broken=broken)


@dataclass(frozen=True, kw_only=True)
class _Broken(AfterLines):
    """The connection breaks before anything came, or after so many lines."""

    kind: ClassVar[Breakage]

    @property
    def silence(self) -> float | None:
        """The seconds of silence before it breaks, None for the usual ones."""
        return None

    def instead(self, call: IncomingCall) -> Playback | None:  # noqa: ARG002
        if self.after_lines is not None:
            return None
        broken = Break(kind=self.kind, before_head=True, after=self.silence)
        return Playback(status=_NO_STATUS, broken=broken)

    def on_rendered(self, rendered: Rendered, call: IncomingCall) -> Rendered:
        return cut_off(rendered, call, self.after_lines)

    def on_playback(self, playback: Playback, call: IncomingCall) -> Playback:  # noqa: ARG002
        return replace(playback, broken=Break(kind=self.kind, after=self.silence))


@dataclass(frozen=True, kw_only=True)
class Reset(_Broken):
    """The connection is reset."""

    kind = Breakage.RESET


@dataclass(frozen=True, kw_only=True)
class PeerDrop(_Broken):
    """The server hangs up in the middle of a response."""

    kind = Breakage.PEER_DROP


@dataclass(frozen=True, kw_only=True)
class ReadTimeout(_Broken):
    """The server falls silent, until the client's read time-out, or `after` seconds if fewer.

    On the real clock, where the client's may be minutes, it comes at once unless `after` says
    otherwise.
    """

    kind = Breakage.READ_TIMEOUT
    after: float | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.after is not None:
            check_seconds("after", self.after)

    @property
    def silence(self) -> float | None:
        return self.after


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
