"""Matching: how a request finds its recording, and what is said when it does not."""

from ._explanation import explain, explain_silence, nearest
from ._keys import MATCHER, KeyMaker, Keys, asks_the_same
from ._matching import DEFAULT_IGNORE_QUERY, DEFAULT_MATCH_ON, Matcher, Matching, all_match
from ._miss import Explanation, Hit, Miss, MissAction, MissReason, Nearest
from ._passed_over import NORMALISERS

__all__ = [
    "DEFAULT_IGNORE_QUERY",
    "DEFAULT_MATCH_ON",
    "MATCHER",
    "NORMALISERS",
    "Explanation",
    "Hit",
    "KeyMaker",
    "Keys",
    "Matcher",
    "Matching",
    "Miss",
    "MissAction",
    "MissReason",
    "Nearest",
    "all_match",
    "asks_the_same",
    "explain",
    "explain_silence",
    "nearest",
]
