"""Which kinds of calls the samples cover."""

from __future__ import annotations

import pytest
from tests.unit.analytics.samples import estimate

from understudy.analytics import Stratum, bucket_of, coverage_of


@pytest.mark.parametrize(
    ("count", "bucket"),
    [
        (None, "0"),
        (0, "0"),
        (1, "1-3"),
        (3, "1-3"),
        (4, "4-7"),
        (7, "4-7"),
        (8, "8-15"),
        (15, "8-15"),
        (16, "16+"),
        (1000, "16+"),
    ],
)
def test_deliverables_fall_into_five_buckets(count: int | None, bucket: str) -> None:
    """Unknown is none."""
    assert bucket_of(count) == bucket


def test_an_unclean_category_stays_on_its_line() -> None:
    """Categories are words of the application's."""
    assert str(Stratum("a\x1b[31m\nb\u202e", "low", "0")) == "a?[31m b? / low / 0"


def test_samples_are_counted_by_stratum() -> None:
    """Only predictions whose outcome is known; the true number of deliverables counts."""
    big = {"category": "testing", "complexity": "high", "deliverable_count": 25}

    found = coverage_of(
        [estimate(1, 2, **big), estimate(3, 4, **big), estimate(1, None, **big), estimate(1, 1)]
    )

    assert found.samples == {
        Stratum("testing", "high", "16+"): 2,
        Stratum(None, None, "0"): 1,
    }
    assert (found.total, found.without_outcome, found.is_enough) == (3, 1, False)


def test_the_empty_strata_are_those_of_the_categories_that_were_seen() -> None:
    """Or asked for: all complexities, all numbers of deliverables but none."""
    full = {"category": "testing", "complexity": "low", "deliverable_count": 2}

    found = coverage_of([estimate(1, 1, **full)], categories=["refactoring"])

    assert Stratum("testing", "low", "1-3") not in found.empty
    assert Stratum("refactoring", "maintenance", "16+") in found.empty
    assert len(found.empty) == 2 * 4 * 4 - 1


def test_without_any_category_the_usual_ones_are_to_be_covered() -> None:
    """An empty store shows what is wanted."""
    found = coverage_of([])

    assert {each.category for each in found.empty} == {
        "documentation",
        "implementation",
        "refactoring",
        "testing",
    }


@pytest.mark.parametrize(("samples", "is_enough"), [(29, False), (30, True), (51, True)])
def test_thirty_samples_in_all_are_enough(samples: int, *, is_enough: bool) -> None:
    """The target is 30 to 50."""
    found = coverage_of([estimate(1, 1)] * samples)

    assert (found.total, found.is_enough) == (samples, is_enough)


def test_strata_are_sorted_with_the_nameless_last() -> None:
    """From the smallest up."""
    rows = [
        estimate(1, 1),
        estimate(1, 1, category="b", complexity="maintenance", deliverable_count=1),
        estimate(1, 1, category="b", complexity="low", deliverable_count=16),
        estimate(1, 1, category="b", complexity="low", deliverable_count=4),
        estimate(1, 1, category="b"),
    ]

    assert list(map(str, coverage_of(rows).samples)) == [
        "b / low / 4-7",
        "b / low / 16+",
        "b / maintenance / 1-3",
        "b / - / 0",
        "- / - / 0",
    ]
