"""The distribution function of the gamma distribution."""

from __future__ import annotations

from math import erf, exp, sqrt

import pytest

from understudy.stats import gamma_cdf


@pytest.mark.parametrize(
    ("x", "shape", "expected"),
    [
        (0.0, 2.0, 0.0),
        (1.0, 1.0, 1 - exp(-1)),
        (30.0, 1.0, 1 - exp(-30)),
        (2.0, 2.0, 1 - 3 * exp(-2)),
        (0.5, 0.5, erf(sqrt(0.5))),
        (1000.0, 2.0, 1.0),
    ],
)
def test_the_gamma_distribution_function(x: float, shape: float, expected: float) -> None:
    """Against its closed forms."""
    assert gamma_cdf(x, shape=shape, scale=1.0) == pytest.approx(expected, abs=1e-12)
