"""Statistics without numpy: pure functions over numbers."""

from ._beta import incomplete_beta
from ._detectable import detectable_difference
from ._gamma import digamma, trigamma, trigamma_inverse
from ._moderation import VariancePrior
from ._multiple import benjamini_hochberg
from ._quantiles import quantile
from ._rank_sum import least_rank_sum_p, rank_sum_p
from ._settle import settle
from ._sign_flip import sign_flip_p
from ._smape import is_underestimated, smape_percent, waste_ratio
from ._student import student_isf, student_sf
from ._trimmed import log_trimmed_mean

__all__ = [
    "VariancePrior",
    "benjamini_hochberg",
    "detectable_difference",
    "digamma",
    "incomplete_beta",
    "is_underestimated",
    "least_rank_sum_p",
    "log_trimmed_mean",
    "quantile",
    "rank_sum_p",
    "settle",
    "sign_flip_p",
    "smape_percent",
    "student_isf",
    "student_sf",
    "trigamma",
    "trigamma_inverse",
    "waste_ratio",
]
