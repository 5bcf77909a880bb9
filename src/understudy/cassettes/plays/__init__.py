"""What a run played of its cassettes, and what nothing plays any more."""

from __future__ import annotations

from ._orphans import Orphans, Unplayed, find_orphans
from ._plays import Plays, read_plays

__all__ = ["Orphans", "Plays", "Unplayed", "find_orphans", "read_plays"]
