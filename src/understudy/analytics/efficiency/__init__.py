"""How fast models answer and load, which one to ask, and whether one became slower."""

from ._aggregates import Aggregates
from ._as_json import figures_as_json, trends_as_json
from ._degradation import CLEARED, FALL, PROOF, Comparison, compare
from ._efficiency import BucketEfficiency, Line, ModelEfficiency, efficiency_of, line_of
from ._ranking import Ranked, Ranking
from ._trends import ModelTrend, TrendDay, trends_of
from ._watch import ModelState, watch

__all__ = [
    "CLEARED",
    "FALL",
    "PROOF",
    "Aggregates",
    "BucketEfficiency",
    "Comparison",
    "Line",
    "ModelEfficiency",
    "ModelState",
    "ModelTrend",
    "Ranked",
    "Ranking",
    "TrendDay",
    "compare",
    "efficiency_of",
    "figures_as_json",
    "line_of",
    "trends_as_json",
    "trends_of",
    "watch",
]
