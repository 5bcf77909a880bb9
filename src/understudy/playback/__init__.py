"""Plays answers whose pieces have moments: for mocks and for cassettes, on any clock."""

from __future__ import annotations

from ._async_player import AsyncPlayer
from ._breakage import Break, Breakage, Broken
from ._playback import Chunk, Playback
from ._player import Player
from ._transforms import rechunked, slowed

__all__ = [
    "AsyncPlayer",
    "Break",
    "Breakage",
    "Broken",
    "Chunk",
    "Playback",
    "Player",
    "rechunked",
    "slowed",
]
