"""What the distributions draw."""

from __future__ import annotations

from contextlib import suppress
from random import Random
from statistics import mean, median, quantiles, stdev
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.delays import Empirical, Gamma, LogNormal, Normal, Uniform

if TYPE_CHECKING:
    from collections.abc import Callable

    from understudy.delays import Distribution

MS = st.floats(0, 86_400_000)
KINDS = (Uniform, Normal, LogNormal, Gamma)


def draw(distribution: Distribution, count: int = 4000) -> list[float]:
    """Draw with a fixed seed."""
    random = Random(1)
    return [distribution.sample(random) for _ in range(count)]


def test_uniform_fills_its_range() -> None:
    """And does not leave it."""
    values = draw(Uniform(low=100, high=300))

    assert 100 <= min(values) < 102
    assert 298 < max(values) <= 300
    assert mean(values) == pytest.approx(200, rel=0.02)


def test_normal_has_its_mean_and_deviation() -> None:
    """Where the truncation is far away."""
    values = draw(Normal(mean=400, deviation=50))

    assert mean(values) == pytest.approx(400, rel=0.01)
    assert stdev(values) == pytest.approx(50, rel=0.05)


def test_normal_is_truncated_at_zero() -> None:
    """The mean of a half normal is deviation x sqrt(2 / pi)."""
    values = draw(Normal(mean=0, deviation=100))

    assert min(values) >= 0
    assert mean(values) == pytest.approx(79.79, rel=0.03)


def test_log_normal_has_its_quantiles() -> None:
    """The two that it is given by."""
    values = draw(LogNormal(median=400, p95=1100))

    assert median(values) == pytest.approx(400, rel=0.03)
    assert quantiles(values, n=20)[-1] == pytest.approx(1100, rel=0.05)


def test_log_normal_knows_its_sigma() -> None:
    """Ln(p95 / median) / 1.645."""
    assert LogNormal(median=1, p95=5.180251602233016).sigma == pytest.approx(1)


def test_gamma_has_its_mean_and_deviation() -> None:
    """Shape and scale follow from them."""
    values = draw(Gamma(mean=20, deviation=10))

    assert mean(values) == pytest.approx(20, rel=0.02)
    assert stdev(values) == pytest.approx(10, rel=0.05)


def test_empirical_stays_within_its_samples() -> None:
    """Order does not matter."""
    values = draw(Empirical(samples=[30, 10, 20]))

    assert 10 <= min(values) < 10.1
    assert 29.9 < max(values) <= 30
    assert mean(values) == pytest.approx(20, rel=0.02)


def test_empirical_gaps_are_equally_likely() -> None:
    """Half of the draws lie below the middle sample, however near its neighbour is."""
    values = draw(Empirical(samples=[0, 1, 1000]))

    assert median(values) == pytest.approx(1, abs=20)
    assert sum(value <= 1 for value in values) == pytest.approx(2000, rel=0.05)


def test_one_sample_is_a_constant() -> None:
    """There is nothing to draw between."""
    assert set(draw(Empirical(samples=(7,)), 10)) == {7}


@pytest.mark.parametrize(
    ("make", "parameter"),
    [
        (lambda: Uniform(low=-1, high=2), "low"),
        (lambda: Uniform(low=3, high=2), "high"),
        (lambda: Normal(mean=-1, deviation=1), "mean"),
        (lambda: Normal(mean=1, deviation=float("nan")), "deviation"),
        (lambda: LogNormal(median=0, p95=1), "median"),
        (lambda: LogNormal(median=2, p95=1), "p95"),
        (lambda: Gamma(mean=0, deviation=1), "mean"),
        (lambda: Gamma(mean=1, deviation=0), "deviation"),
        (lambda: Gamma(mean=1, deviation=101), "deviation"),
        (lambda: Empirical(samples=[]), "samples"),
        (lambda: Empirical(samples="12"), "samples"),  # type: ignore[arg-type]
        (lambda: Empirical(samples=[1, float("inf")]), r"samples\[1\]"),
    ],
)
def test_a_wrong_parameter_is_named(make: Callable[[], Any], parameter: str) -> None:
    """Nothing negative, endless, undefined or contradictory."""
    with pytest.raises(ValueError, match=f"^{parameter} is "):
        make()


@pytest.mark.parametrize("kind", KINDS)
@given(first=MS, second=MS, ratio=st.floats(0.01, 100), seed=st.integers())
def test_whatever_is_accepted_draws_delays(
    kind: Callable[..., Any], first: float, second: float, ratio: float, seed: int
) -> None:
    """No parameters that pass lead to a negative or undefined delay, or to an exception."""
    names = tuple(kind.__dataclass_fields__)  # type: ignore[attr-defined]
    random = Random(seed)

    for pair in ((first, second), (first, first * ratio)):
        with suppress(ValueError):
            distribution = kind(**dict(zip(names, pair, strict=True)))
            assert all(distribution.sample(random) >= 0 for _ in range(5))


@given(samples=st.lists(MS, min_size=1, max_size=20), seed=st.integers())
def test_empirical_never_leaves_its_samples(samples: list[float], seed: int) -> None:
    """Up to the rounding of floats."""
    value = Empirical(samples=samples).sample(Random(seed))

    assert min(samples) * (1 - 1e-12) <= value <= max(samples) * (1 + 1e-12)
