"""Cassettes at the taps: what is in force answers, or records."""

from ._active import ACTIVE_CASSETTES, ActiveCassettes, CassetteAnswerer, is_vcrpy_active
from ._use import CassetteUse, use_cassette

__all__ = [
    "ACTIVE_CASSETTES",
    "ActiveCassettes",
    "CassetteAnswerer",
    "CassetteUse",
    "is_vcrpy_active",
    "use_cassette",
]
