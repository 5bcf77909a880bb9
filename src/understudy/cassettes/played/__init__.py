"""What a run played of its cassettes, and what nothing plays any more."""

from __future__ import annotations

from ._orphans import Orphans, Unplayed, find_orphans
from ._played import PlayedInteractions, read_played

__all__ = ["Orphans", "PlayedInteractions", "Unplayed", "find_orphans", "read_played"]
