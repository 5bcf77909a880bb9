"""What a price says."""

from __future__ import annotations

from decimal import Decimal

import pytest

from understudy.pricing import Price
from understudy.pricing._price import to_nanousd


@pytest.mark.parametrize(
    ("usd", "nanousd"),
    [
        ("0.035", 35_000_000),
        ("0.0000000005", 0),
        ("0.0000000015", 2),
        ("0.0000000025", 2),
        ("12.3456789012", 12_345_678_901),
    ],
)
def test_usd_are_rounded_half_to_even(usd: str, nanousd: int) -> None:
    """Costs are whole 1e-9 USD; ties go to the even one, so that sums do not drift."""
    assert to_nanousd(Decimal(usd)) == nanousd


def test_usd_of_a_price_are_exact() -> None:
    """Nothing is lost on the way back to USD."""
    price = Price(nanousd=35_000_001, source="price_table", table="a table")

    assert price.usd == Decimal("0.035000001")


def test_an_unknown_price_is_none() -> None:
    """Unknown is None, never 0."""
    assert Price(nanousd=None, source="none", reason="nobody knows").usd is None
