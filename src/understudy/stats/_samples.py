"""Figures of a sample: quantiles, a mean that strays do not move, how far predictions are off."""

from __future__ import annotations

from math import floor, isfinite, log
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

#: Fewer samples than that are not trimmed: their median is taken.
_FEW: Final = 5


def quantile(values: Iterable[float], q: float) -> float:
    """Return the `q` quantile, 0 ≤ q ≤ 1, by linear interpolation between order statistics.

    Type 7 of Hyndman and Fan, "Sample Quantiles in Statistical Packages", The American
    Statistician 50 (1996): with h = (n - 1) q, x[⌊h⌋] + (h - ⌊h⌋) (x[⌊h⌋ + 1] - x[⌊h⌋]).
    NumPy's and R's default; `quantile(values, 0.5)` is the median.

    Raises:
        ValueError: there are no values, or q is out of range.
    """
    ordered = sorted(values)
    if not ordered:
        msg = "a quantile needs at least one value"
        raise ValueError(msg)
    if not 0 <= q <= 1:
        msg = f"q is from 0 to 1, not {q}"
        raise ValueError(msg)
    h = (len(ordered) - 1) * q
    low = floor(h)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (h - low) * (ordered[high] - ordered[low])


def log_trimmed_mean(samples: Sequence[float], *, trim: float = 0.2) -> float:
    """Return the trimmed mean of the logarithms: ⌊trim · n⌋ of n are left out at each end.

    Of fewer than five samples, the logarithm of their median (of the two in the middle,
    the geometric mean). Tukey and McLaughlin, "Less vulnerable confidence and significance
    procedures for location based on a single sample", Sankhyā A 25 (1963).

    Raises:
        ValueError: there is no sample, or one is not a positive finite number.
    """
    if not samples:
        msg = "a trimmed mean needs at least one sample"
        raise ValueError(msg)
    if not all(isfinite(sample) and sample > 0 for sample in samples):
        msg = "a logarithm needs samples that are positive and finite"
        raise ValueError(msg)
    ordered = sorted(samples)
    cut = int(trim * len(ordered)) if len(ordered) >= _FEW else (len(ordered) - 1) // 2
    core = ordered[cut : len(ordered) - cut]
    return sum(map(log, core)) / len(core)


def smape_percent(predicted: float, actual: float) -> float:
    """Return 200 · |predicted - actual| / (|predicted| + |actual|) percent, 0 where both are 0.

    The symmetric mean absolute percentage error of the M3 and M4 competitions (Makridakis and
    Hibon, "The M3-Competition", International Journal of Forecasting 16, 2000): from 0 to 200.
    """
    size = abs(predicted) + abs(actual)
    return 200 * abs(predicted - actual) / size if size else 0.0


def waste_ratio(predicted: float, actual: float) -> float | None:
    """Return predicted / actual, None where nothing was written."""
    return predicted / actual if actual else None


def is_underestimated(predicted: float, actual: float) -> bool:
    """Tell whether more was written than predicted."""
    return actual > predicted
