"""An answer as it reaches the client: what, and when, and how the connection may break."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from math import inf
from typing import TYPE_CHECKING, Final, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from threading import Event

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


class GivenUp(BaseException):
    """Nobody waits for the answer any more. No `Exception`: no SDK is to try again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """A silence that the application is to end, as it did when it was recorded.

    It comes in the place of the head, or after the last chunk. Who waits for longer than
    `seconds` gets what `outlasted` makes; who waits when `is_over` is set gets `GivenUp`.
    """

    seconds: float
    outlasted: Callable[[], BaseException]
    is_over: Event
    before_head: bool = False


#: Bytes that arrive at once, so many seconds after the request began. A plain tuple: a stream
#: has many, and they are made in the middle of a call.
Chunk: TypeAlias = tuple[float, bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Playback:
    """Status, headers, and the chunks of the body, each at a moment of its own.

    `head_at` is when status and headers come, in seconds after the request began. The moments
    do not fall. `chunks` may be a one-shot iterator where the moments are drawn while the answer
    is played. `broken` None is an answer that ends with its last chunk, or in `silence`.
    """

    status: int
    headers: tuple[tuple[str, str], ...] = ()
    head_at: float = 0.0
    chunks: Iterable[Chunk] = ()
    broken: Break | None = None
    silence: Silence | None = None

    @property
    def comes_at_once(self) -> bool:
        """Whether all of it is known to come with its head, to the end."""
        chunks = self.chunks
        if self.broken or self.silence or not isinstance(chunks, list):
            return False
        return not chunks or chunks[-1][0] == self.head_at


def rechunked(playback: Playback, size: int) -> Playback:
    """Cut the chunks into pieces of at most `size` bytes, wherever that falls."""
    cut = (
        (at, data[start : start + size])
        for at, data in playback.chunks
        for start in range(0, len(data), size)
    )
    return replace(playback, chunks=cut)


def slowed(playback: Playback, seconds: float) -> Playback:
    """Let each chunk after the first come `seconds` later than it would after the one before."""
    numbered = enumerate(playback.chunks)
    return replace(playback, chunks=((at + n * seconds, data) for n, (at, data) in numbered))


#: Seconds since the request began, and what comes then.
Step: TypeAlias = tuple[float, "bytes | Broken | Silence"]


def timeline(playback: Playback, read_timeout: float | None, *, waits: bool) -> Iterator[Step]:
    """Return the head, as empty bytes, then the chunks, then what breaks the connection.

    A gap longer than the client's `read_timeout` seconds ends it, exactly then. `waits` tells
    whether a read time-out that is to come costs no time.
    """
    if playback.comes_at_once and (read_timeout is None or playback.head_at <= read_timeout):
        return iter([(playback.head_at, b""), *playback.chunks])
    return _in_time(playback, read_timeout, waits=waits)


#: An answer that ends with its last chunk.
_ENDS: Final = Break(kind=Breakage.PEER_DROP)


def _in_time(playback: Playback, read_timeout: float | None, *, waits: bool) -> Iterator[Step]:
    patience = inf if read_timeout is None else read_timeout
    broken, silence = playback.broken, playback.silence
    reached = 0.0
    if not (broken or silence or _ENDS).before_head:
        if playback.head_at > patience:
            yield _timed_out(patience)
            return
        reached = playback.head_at
        yield reached, b""
        for chunk in playback.chunks:
            if chunk[0] - reached > patience:
                yield _timed_out(reached + patience)
                return
            reached = chunk[0]
            yield chunk
    if silence is not None:
        yield reached, replace(silence, seconds=min(silence.seconds, patience))
    if broken is not None:
        quiet = broken.silence(read_timeout, waits=waits)
        if quiet > patience:
            yield _timed_out(reached + patience)
        else:
            yield reached + quiet, Broken(broken.kind)


def _timed_out(at: float) -> Step:
    return at, Broken(Breakage.READ_TIMEOUT)
