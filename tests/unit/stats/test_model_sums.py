"""Sums of loads."""

from __future__ import annotations

from understudy.stats import LoadSums


def test_the_seconds_are_of_loads_that_succeeded() -> None:
    """A failed one is counted and enters no mean."""
    total = LoadSums.of(2.0) + LoadSums.of(90.0, success=False) + LoadSums.of(4.0)

    assert (total.count, total.failures) == (2, 1)
    assert (total.seconds, total.seconds_squared) == (6.0, 20.0)
    assert (total.least, total.most) == (2.0, 4.0)


def test_failures_alone_have_no_extremes() -> None:
    """Unknown is not zero."""
    failed = LoadSums.of(90.0, success=False)

    assert (failed.count, failed.least, failed.most) == (0, None, None)
