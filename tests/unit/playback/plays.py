"""Both players under one name: each test is about both."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from understudy.playback import AsyncPlayer, Broken, Playback, Player

if TYPE_CHECKING:
    from tests.unit.playback.manual_clock import ManualClock


@dataclass(frozen=True)
class Played:
    """What a client got, when, and what broke it off."""

    chunks: list[tuple[float, bytes]]
    broken: Broken | None = None


Play = Callable[..., Played]


def play_sync(playback: Playback, clock: ManualClock, **options: Any) -> Played:
    """Play to a client that blocks; moments are seconds since the request."""
    began = clock.now()
    player = Player(playback, clock, began=began, **options)
    chunks = []
    try:
        for data in player:
            moment = round(clock.now() - began, 9)
            chunks.append((moment, data))
    except Broken as broken:
        return Played(chunks, broken)
    return Played(chunks)


def play_async(playback: Playback, clock: ManualClock, **options: Any) -> Played:
    """Play to a client that awaits."""

    async def main() -> Played:
        began = clock.now()
        player = AsyncPlayer(playback, clock, began=began, **options)
        chunks = []
        try:
            async for data in player:
                moment = round(clock.now() - began, 9)
                chunks.append((moment, data))
        except Broken as broken:
            return Played(chunks, broken)
        return Played(chunks)

    return asyncio.run(main())
