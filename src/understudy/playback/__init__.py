"""Plays answers whose pieces have moments: for mocks and for cassettes, on any clock."""

from ._playback import (
    Break,
    Breakage,
    Broken,
    Chunk,
    GivenUp,
    Playback,
    Silence,
    rechunked,
    slowed,
)
from ._players import AsyncPlayer, Player

__all__ = [
    "AsyncPlayer",
    "Break",
    "Breakage",
    "Broken",
    "Chunk",
    "GivenUp",
    "Playback",
    "Player",
    "Silence",
    "rechunked",
    "slowed",
]
