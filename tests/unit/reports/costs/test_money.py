"""Amounts."""

from __future__ import annotations

from understudy.reports.costs._money import amount, as_json, percent


def test_an_amount_is_told_or_unknown() -> None:
    """A correction is negative."""
    assert amount(12_350_000_000) == "$12.35"
    assert amount(-350_000) == "-$0.000350"
    assert amount(None) == "-"


def test_json_has_it_whole_and_in_usd() -> None:
    """Neither is rounded; unknown is null."""
    assert as_json("spent", 28_899_251) == {"spent_nanousd": 28899251, "spent_usd": 0.028899251}
    assert as_json("spent", None) == {"spent_nanousd": None, "spent_usd": None}


def test_a_share_is_told_in_percent() -> None:
    """A change with its sign."""
    assert (percent(61.7), percent(12.4, sign=True), percent(None)) == ("62 %", "+12 %", "-")
