"""What a client sees of an answer, step by step."""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING, TypeAlias

from ._playback import Breakage, Broken

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ._playback import Playback

#: Seconds since the request began, and what comes then.
Step: TypeAlias = tuple[float, "bytes | Broken"]


def timeline(playback: Playback, read_timeout: float | None, *, waits: bool) -> Iterator[Step]:
    """Return the head, as empty bytes, then the chunks, then what breaks the connection.

    A gap longer than the client's `read_timeout` seconds ends it, exactly then. `waits` tells
    whether a read time-out that is to come costs no time.
    """
    if playback.comes_at_once and (read_timeout is None or playback.head_at <= read_timeout):
        return iter([(playback.head_at, b""), *playback.chunks])
    return _in_time(playback, read_timeout, waits=waits)


def _in_time(playback: Playback, read_timeout: float | None, *, waits: bool) -> Iterator[Step]:
    patience = inf if read_timeout is None else read_timeout
    broken = playback.broken
    reached = 0.0
    if broken is None or not broken.before_head:
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
    if broken is not None:
        silence = broken.silence(read_timeout, waits=waits)
        if silence > patience:
            yield _timed_out(reached + patience)
        else:
            yield reached + silence, Broken(broken.kind)


def _timed_out(at: float) -> Step:
    return at, Broken(Breakage.READ_TIMEOUT)
