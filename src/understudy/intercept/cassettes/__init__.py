"""Cassettes at the taps: what is in force answers, or records."""

from __future__ import annotations

from ._answerer import CassetteAnswerer, is_vcrpy_active
from ._house import HouseRules
from ._players import PLAYERS, Players
from ._use import CassetteUse, use_cassette

__all__ = [
    "PLAYERS",
    "CassetteAnswerer",
    "CassetteUse",
    "HouseRules",
    "Players",
    "is_vcrpy_active",
    "use_cassette",
]
