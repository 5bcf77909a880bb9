"""Chooses the distribution that fits samples best."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from functools import partial
from math import exp, log, sqrt
from statistics import NormalDist, fmean, median, pstdev
from typing import TYPE_CHECKING, Final

from ...stats import gamma_cdf, quantile
from .._distributions import Distribution, Empirical, Gamma, LogNormal
from .._settings_table import kind_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence


def distance(
    ordered: Sequence[float],
    cdf: Callable[[float], float],
    *,
    before: Callable[[float], float] | None = None,
) -> float:
    """Return the Kolmogorov-Smirnov distance: the largest |F_n(x) - F(x)|, from 0 to 1.

    `ordered` are the samples, sorted; equal ones are one step of F_n. `before` gives the limit of
    an F that has steps itself from below; None: it has none.
    """
    left = cdf if before is None else before
    count, largest, below = len(ordered), 0.0, 0
    for place, value in enumerate(ordered):
        if place + 1 < count and ordered[place + 1] == value:
            continue
        under, over = left(value) - below / count, (place + 1) / count - cdf(value)
        largest = max(largest, abs(under), abs(over))
        below = place + 1
    return largest


#: Fewer tell a middle and no shape.
LEAST_SAMPLES: Final = 8
#: A curve that is closer than that to what was measured describes it better than its list.
_CLOSE: Final = 0.05
#: The 95 % quantile of the distance of a true distribution is about 1.36 / √n.
_BY_CHANCE: Final = 1.36
_QUANTILES: Final = 41
_P95: Final = 1.6448536269514722
_NORMAL: Final = NormalDist()
_SMALLEST: Final = 1e-3


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """What describes `count` samples: a distribution, or a fixed number of milliseconds.

    `error` is its Kolmogorov-Smirnov distance from them; `errors` holds that of each curve that
    was tried, by the name of its distribution.
    """

    duration: float | Distribution
    error: float
    count: int
    errors: dict[str, float]


def fit_distribution(samples: Sequence[float]) -> Fit:
    """Fit samples in milliseconds, of which there is at least one; none is negative.

    The curve that is nearest to them, log-normal or gamma; where none is as near as chance
    allows, their own quantiles. Too few samples, or all alike, give their median as a number.

    Raises:
        ValueError: there are no samples.
    """
    if not samples:
        msg = "there is nothing to fit: no samples"
        raise ValueError(msg)
    ordered = sorted(samples)
    middle = round(median(ordered), 3)
    is_constant = ordered[-1] - ordered[0] < _SMALLEST + 0.001 * ordered[0]
    if len(ordered) < LEAST_SAMPLES or is_constant:
        error = distance(ordered, lambda x: float(x >= middle), before=lambda x: float(x > middle))
        return Fit(duration=middle, error=error, count=len(ordered), errors={})
    curves = [(distance(ordered, cdf), curve) for curve, cdf in _curves(ordered)]
    errors: dict[str, float] = {}
    for error, curve in curves:
        errors[kind_of(curve)] = min(error, errors.get(kind_of(curve), 1.0))
    error, best = min(curves, key=lambda each: each[0], default=(1.0, None))
    if best is None or error > max(_CLOSE, _BY_CHANCE / sqrt(len(ordered))):
        return _fit_of_quantiles(ordered, errors)
    return Fit(duration=best, error=error, count=len(ordered), errors=errors)


def _fit_of_quantiles(ordered: Sequence[float], errors: dict[str, float]) -> Fit:
    count = min(_QUANTILES, len(ordered))
    places = (place / (count - 1) for place in range(count))
    quantiles = Empirical(samples=[_short(quantile(ordered, place)) for place in places])
    at = partial(_empirical_cdf, quantiles, bisect_right)
    before = partial(_empirical_cdf, quantiles, bisect_left)
    error = distance(ordered, at, before=before)
    return Fit(duration=quantiles, error=error, count=len(ordered), errors=errors)


def _curves(ordered: Sequence[float]) -> Iterator[tuple[Distribution, Callable[[float], float]]]:
    """Yield curves with their distribution functions: by likelihood, and by two quantiles."""
    if ordered[0] < _SMALLEST:
        ordered = [max(each, _SMALLEST) for each in ordered]
    logs = [log(each) for each in ordered]
    mean, deviation = fmean(logs), pstdev(logs)
    yield from _log_normal(mean, deviation)
    middle, high = log(quantile(ordered, 0.5)), log(quantile(ordered, 0.95))
    if high > middle:
        yield from _log_normal(middle, (high - middle) / _P95)
    yield from _gamma(fmean(ordered), mean)


def _log_normal(
    mean: float, deviation: float
) -> Iterator[tuple[LogNormal, Callable[[float], float]]]:
    """Yield the log-normal distribution of these moments of the logarithm, if it can be written."""
    try:
        curve = LogNormal(median=_short(exp(mean)), p95=_short(exp(mean + _P95 * deviation)))
    except (ValueError, OverflowError):
        return
    if curve.sigma > 0:
        yield curve, partial(_log_normal_at, curve)


def _log_normal_at(curve: LogNormal, x: float) -> float:
    return _NORMAL.cdf((log(x) - log(curve.median)) / curve.sigma) if x > 0 else 0.0


def _gamma(mean: float, log_mean: float) -> Iterator[tuple[Gamma, Callable[[float], float]]]:
    """Yield the gamma distribution of the largest likelihood, as far as one can be written.

    With s = ln(mean) - mean(ln x), the shape is (3 - s + √((s - 3)² + 24 s)) / 12 s, to 1.5 %:
    Minka, "Estimating a Gamma distribution" (2002).
    """
    s = log(mean) - log_mean
    if s <= 0:
        return
    shape = (3 - s + sqrt((s - 3) ** 2 + 24 * s)) / (12 * s)
    try:
        curve = Gamma(mean=_short(mean), deviation=_short(mean / sqrt(shape)))
    except ValueError:
        return
    written = (curve.mean / curve.deviation) ** 2
    yield curve, partial(gamma_cdf, shape=written, scale=curve.mean / written)


def _empirical_cdf(
    empirical: Empirical, place_of: Callable[[Sequence[float], float], int], x: float
) -> float:
    """Return how likely a draw is at most `x`; with `bisect_left`: less than `x`."""
    samples, gaps = empirical.samples, len(empirical.samples) - 1
    above = place_of(samples, x)
    if above in {0, len(samples)}:
        return float(above > 0)
    low, high = samples[above - 1], samples[above]
    return (above - 1 + (x - low) / (high - low)) / gaps


def _short(value: float) -> float:
    """Round to four digits that matter: more would pretend to know."""
    return float(f"{value:.4g}")
