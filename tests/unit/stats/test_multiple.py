"""Benjamini-Hochberg."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.stats import benjamini_hochberg

p_values = st.lists(st.floats(0, 1), max_size=50)


def test_agrees_with_scipy() -> None:
    """The constants of scipy.stats.false_discovery_control."""
    q_values = benjamini_hochberg([0.01, 0.04, 0.03, 0.005, 0.8, 0.2])

    assert q_values == pytest.approx([0.03, 0.06, 0.06, 0.03, 0.8, 0.24])


def test_one_test_needs_no_adjustment() -> None:
    """Nor do none."""
    assert benjamini_hochberg([0.02]) == [0.02]
    assert benjamini_hochberg([]) == []


@given(p_values)
def test_never_makes_a_test_surer(values: list[float]) -> None:
    """From p to 1, in the order of p."""
    pairs = sorted(zip(values, benjamini_hochberg(values), strict=True))

    assert all(p <= q * (1 + 1e-12) and q <= 1 for p, q in pairs)
    assert [q for _, q in pairs] == sorted(q for _, q in pairs)


@given(p_values)
def test_rejects_what_the_step_up_procedure_rejects(values: list[float]) -> None:
    """The largest k with p₍ₖ₎ ≤ q k / m, and all below it."""
    ordered = sorted(values)
    least = [k for k, p in enumerate(ordered, 1) if p * len(values) / k <= 0.05]
    rejected = sum(q <= 0.05 for q in benjamini_hochberg(values))

    assert rejected == (max(least) if least else 0)
