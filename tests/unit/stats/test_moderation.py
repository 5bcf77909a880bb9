"""Variances that borrow strength."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from understudy.stats import VariancePrior

PRIOR = VariancePrior(variance=1e-4, df=1.0)
VARIANCES = [1.1e-4, 2.3e-4, 9e-6, 4e-4, 5e-5, 2.2e-3, 1.4e-4, 8e-5]


def fit(
    variances: list[float], *, weight: float = 0.0, df: int = 4, prior: VariancePrior = PRIOR
) -> VariancePrior:
    return prior.fit([(each, df) for each in variances], weight=weight, floor=1e-12)


def test_the_moments_of_the_logarithms_are_solved() -> None:
    """d₀ and s₀² as scipy's digamma, polygamma and brentq find them for these variances."""
    fitted = fit(VARIANCES)

    assert fitted.df == pytest.approx(2.045979283004934, rel=1e-10)
    assert fitted.variance == pytest.approx(0.00010098843481580417, rel=1e-10)


def test_the_prior_that_made_the_variances_is_found() -> None:
    """20,000 variances of s₀² = 0.02² on d₀ = 6 degrees of freedom, measured on 4."""
    random = Random(1)
    measured = []
    for _ in range(20_000):
        true = 0.0004 * 6 / random.gammavariate(3, 2)
        measured.append(true * random.gammavariate(2, 2) / 4)

    fitted = fit(measured)

    assert fitted.df == pytest.approx(6, rel=0.15)
    assert fitted.variance == pytest.approx(0.0004, rel=0.05)


def test_nothing_measured_leaves_the_prior() -> None:
    """There is nothing to learn from."""
    assert fit([]) == PRIOR


def test_one_variance_moves_a_weighty_prior_little() -> None:
    """A test that is judged alone does not set its own prior."""
    fitted = fit([1e-2], weight=20)

    assert fitted.variance == pytest.approx(1e-4, rel=1)
    assert fitted.df == pytest.approx(1, rel=0.3)


def test_many_variances_outweigh_the_prior() -> None:
    """A suite of its own kind speaks for itself."""
    random = Random(2)
    measured = [0.01 * random.gammavariate(2, 2) / 4 for _ in range(2000)]

    fitted = fit(measured, weight=20)

    assert fitted.variance == pytest.approx(0.01, rel=0.2)
    assert fitted.df > 5


def test_equal_variances_are_one_variance() -> None:
    """They scatter less than chance would have it: the prior is all there is."""
    fitted = fit([1e-4] * 50)

    assert fitted.df > 1e5
    assert fitted.moderate(1e-2, 4) == pytest.approx(fitted.variance, rel=0.01)


def test_a_variance_of_zero_counts_as_the_floor() -> None:
    """Constant figures have no logarithm of their variance."""
    assert fit([0.0, 1e-4]) == fit([1e-12, 1e-4])


@given(st.floats(1e-8, 1), st.floats(1e-8, 1), st.floats(0.1, 100), st.floats(1, 100))
def test_a_moderated_variance_lies_between(
    prior: float, variance: float, d0: float, df: float
) -> None:
    """Between the prior and what was measured."""
    low, high = sorted((prior, variance))
    moderated = VariancePrior(variance=prior, df=d0).moderate(variance, df)

    assert low * (1 - 1e-9) <= moderated <= high * (1 + 1e-9)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30), st.sampled_from([1.0, 20.0]))
@settings(deadline=None)
def test_a_fit_is_always_usable(variances: list[float], weight: float) -> None:
    """Positive and finite, whatever was measured."""
    fitted = fit(variances, weight=weight)

    assert 0 < fitted.variance < float("inf")
    assert 0 < fitted.df < float("inf")
