"""The seam of distributions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from random import Random


class Distribution(Protocol):
    """Draws durations of at least 0."""

    def sample(self, random: Random) -> float:
        """Draw one."""
