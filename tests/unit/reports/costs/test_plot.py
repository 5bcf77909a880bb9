"""A bar for each day."""

from __future__ import annotations

from understudy.reports.costs._plot import plot


def test_the_largest_is_the_highest() -> None:
    """A day without cost has no bar, and one with any has one."""
    assert plot([0, 1, 50, 100]) == " ▁▅█"


def test_without_cost_there_is_no_bar() -> None:
    """Nor of a credit."""
    assert plot([0, -5]) == "  "
    assert plot([]) == ""
