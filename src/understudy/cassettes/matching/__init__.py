"""Matching: how a request finds its recording, and what is said when it does not."""

from __future__ import annotations

from ._custom import all_match
from ._index import Index
from ._keys import MATCHER, KeyMaker, Keys
from ._matching import DEFAULT_IGNORE_QUERY, DEFAULT_MATCH_ON, Matcher, Matching
from ._miss import Explanation, Hit, Miss, MissAction, MissReason
from ._nearest import Nearest, nearest
from ._normalisers import NORMALISERS

__all__ = [
    "DEFAULT_IGNORE_QUERY",
    "DEFAULT_MATCH_ON",
    "MATCHER",
    "NORMALISERS",
    "Explanation",
    "Hit",
    "Index",
    "KeyMaker",
    "Keys",
    "Matcher",
    "Matching",
    "Miss",
    "MissAction",
    "MissReason",
    "Nearest",
    "all_match",
    "nearest",
]
