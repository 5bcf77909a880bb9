"""Statistics without numpy: pure functions over numbers."""

from ._model_sums import LoadDay, LoadSums, RecentLoads, Summed, ThoughtSums
from ._permutation import benjamini_hochberg, least_rank_sum_p, rank_sum_p, sign_flip_p
from ._samples import is_underestimated, log_trimmed_mean, quantile, smape_percent, waste_ratio
from ._snapshot import SNAPSHOT_BYTES, RunningTotals, Snapshot, unpacked
from ._special import digamma, gamma_cdf, incomplete_beta, trigamma, trigamma_inverse
from ._spending import AlertLevel, CostAlert, LoggedAlert, PeriodKind, Spending, SpendTotals
from ._student import VariancePrior, detectable_difference, student_isf, student_sf
from ._token_sums import TOKEN_BUCKETS, TokenSums, extreme, token_bucket

__all__ = [
    "SNAPSHOT_BYTES",
    "TOKEN_BUCKETS",
    "AlertLevel",
    "CostAlert",
    "LoadDay",
    "LoadSums",
    "LoggedAlert",
    "PeriodKind",
    "RecentLoads",
    "RunningTotals",
    "Snapshot",
    "SpendTotals",
    "Spending",
    "Summed",
    "ThoughtSums",
    "TokenSums",
    "VariancePrior",
    "benjamini_hochberg",
    "detectable_difference",
    "digamma",
    "extreme",
    "gamma_cdf",
    "incomplete_beta",
    "is_underestimated",
    "least_rank_sum_p",
    "log_trimmed_mean",
    "quantile",
    "rank_sum_p",
    "sign_flip_p",
    "smape_percent",
    "student_isf",
    "student_sf",
    "token_bucket",
    "trigamma",
    "trigamma_inverse",
    "unpacked",
    "waste_ratio",
]
