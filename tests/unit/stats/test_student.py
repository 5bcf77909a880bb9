"""Student's t, what it finds, and variances that borrow strength."""

from __future__ import annotations

from math import inf
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from understudy.stats import VariancePrior, detectable_difference, student_isf, student_sf

degrees = st.floats(0.5, 1e6)


@pytest.mark.parametrize(
    ("t", "df", "expected"),
    [
        (-3, 1, 0.8975836176504333),
        (-0.5, 3.7, 0.6773321833400341),
        (0, 9, 0.5),
        (0.7, 4.85, 0.2580343263256746),
        (2, 7.85, 0.04059922886010904),
        (8, 4, 0.0006619484546085836),
        (2.5, 1e4, 0.006217609775291849),
        (1.96, 1e7, 0.024997909012657114),
        (2.5, 2e5, 0.00621006245618106),
        (5.0, 1.1e5, 2.8709110115778856e-07),
        (30, 7.9, 1.0029499637035694e-09),
        (1, 0.5, 0.30112161084132205),
    ],
)
def test_agrees_with_scipy(t: float, df: float, expected: float) -> None:
    """Constants of scipy.stats.t.sf."""
    assert student_sf(t, df) == pytest.approx(expected, abs=1e-10)


@pytest.mark.parametrize(
    ("p", "df", "expected"),
    [
        (0.05, 4.85, 2.0288969811638884),
        (0.05, 1, 6.313751514675044),
        (0.2, 7.5, 0.8922093469396742),
        (0.0003, 8, 5.462150459662469),
        (0.9, 3, -1.637744353696209),
        (0.5, 5, 0),
        (0.01, 0.7, 135.57150574187784),
    ],
)
def test_the_inverse_agrees_with_scipy(p: float, df: float, expected: float) -> None:
    """Constants of scipy.stats.t.isf."""
    assert student_isf(p, df) == pytest.approx(expected, rel=1e-10, abs=1e-10)


def test_is_the_normal_distribution_in_the_end() -> None:
    """With no end of degrees of freedom."""
    assert student_sf(1.959963984540054, 1e12) == pytest.approx(0.025, abs=1e-10)


@pytest.mark.parametrize(("t", "expected"), [(inf, 0), (-inf, 1)])
def test_at_infinity(t: float, expected: float) -> None:
    """A difference without any scatter."""
    assert student_sf(t, 5) == expected


@given(st.floats(-50, 50), degrees)
def test_is_symmetric(t: float, df: float) -> None:
    """P(T > t) + P(T > -t) = 1."""
    assert student_sf(t, df) + student_sf(-t, df) == pytest.approx(1, abs=1e-12)


@given(st.floats(0, 50), st.floats(0, 50), degrees)
def test_falls(one: float, other: float, df: float) -> None:
    """The farther out, the less is beyond."""
    low, high = sorted((one, other))

    assert student_sf(high, df) <= student_sf(low, df) + 1e-12


@given(st.floats(1e-6, 0.999), st.floats(1, 1e6))
@settings(deadline=None)
def test_the_inverse_undoes_it(p: float, df: float) -> None:
    """To ten digits."""
    assert student_sf(student_isf(p, df), df) == pytest.approx(p, abs=1e-10)


def test_is_the_sum_of_two_quantiles() -> None:
    """t(0.05) + t(0.2) at 1e9 degrees of freedom is the textbook's 1.645 + 0.842."""
    assert detectable_difference(2.0, 1e9, level=0.05) == pytest.approx(2 * 2.4864748605243863)


@given(st.floats(1e-4, 10), st.floats(1, 100))
def test_a_stricter_level_needs_more(error: float, df: float) -> None:
    """And so does more power."""
    usual = detectable_difference(error, df, level=0.05)

    assert usual < detectable_difference(error, df, level=0.01)
    assert usual < detectable_difference(error, df, level=0.05, power=0.9)


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
