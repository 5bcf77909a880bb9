"""What the stored figures say: pure functions over rows, wherever they come from."""

from ._accuracy import Accuracy, Pair, accuracy_of, pair_of, pairs_of
from ._overview import Overview, overview_of
from ._replay import Comparison, Estimator, Replay, Task, replay
from ._strata import BUCKETS, TARGET, Coverage, Stratum, bucket_of, coverage_of, stratum_of

__all__ = [
    "BUCKETS",
    "TARGET",
    "Accuracy",
    "Comparison",
    "Coverage",
    "Estimator",
    "Overview",
    "Pair",
    "Replay",
    "Stratum",
    "Task",
    "accuracy_of",
    "bucket_of",
    "coverage_of",
    "overview_of",
    "pair_of",
    "pairs_of",
    "replay",
    "stratum_of",
]
