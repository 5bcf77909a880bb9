"""Playbacks made of others. Moments are only ever put later."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ._playback import Chunk, Playback


def rechunked(playback: Playback, size: int) -> Playback:
    """Cut the chunks into pieces of at most `size` bytes, wherever that falls."""
    return replace(playback, chunks=_cut(playback.chunks, size))


def slowed(playback: Playback, seconds: float) -> Playback:
    """Let each chunk after the first come `seconds` later than it would after the one before."""
    return replace(playback, chunks=_late(playback.chunks, seconds))


def _cut(chunks: Iterable[Chunk], size: int) -> Iterator[Chunk]:
    for at, data in chunks:
        yield from ((at, data[start : start + size]) for start in range(0, len(data), size))


def _late(chunks: Iterable[Chunk], seconds: float) -> Iterator[Chunk]:
    for number, (at, data) in enumerate(chunks):
        yield at + number * seconds, data
