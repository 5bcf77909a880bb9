"""A new estimator over the stored calls."""

from __future__ import annotations

from typing import Any

import pytest
from tests.unit.analytics.samples import estimate

from understudy.analytics import Stratum, Task, replay
from understudy.errors import EstimateError


def test_an_estimator_is_given_what_was_known_before_the_call() -> None:
    """And neither the old prediction nor the outcome."""
    given: list[Task] = []
    row = estimate(
        5,
        10,
        category="testing",
        complexity="low",
        deliverables=["a.py"],
        deliverable_count=25,
        prompt_tokens=90,
        model="gpt-4o",
    )

    def note(task: Task) -> int:
        given.append(task)
        return 1

    replay([row], note)

    assert given == [
        Task(
            category="testing",
            complexity="low",
            deliverables=("a.py",),
            deliverable_count=25,
            prompt_tokens=90,
            model="gpt-4o",
        )
    ]


def test_old_and_new_are_compared_overall_and_by_stratum() -> None:
    """On the same calls; what has no outcome is left out and counted."""
    rows = [
        estimate(800, 1200, category="testing"),
        estimate(1200, 800, category="refactoring"),
        estimate(1, None),
    ]

    found = replay(rows, lambda _: 1000)

    assert (found.overall.old.calls, found.skipped) == (2, 1)
    assert found.overall.old.smape_percent == pytest.approx(40)
    assert found.overall.new.smape_percent == pytest.approx((18.1818 + 22.2222) / 2, abs=1e-3)
    assert found.overall.difference == pytest.approx(-19.798, abs=1e-3)
    assert list(found.strata) == [
        Stratum("refactoring", None, "0"),
        Stratum("testing", None, "0"),
    ]
    assert found.strata[Stratum("testing", None, "0")].new.underestimated == 1


def test_the_paired_test_tells_a_better_estimator_from_luck() -> None:
    """Two-sided: better and worse are as significant; no difference is none."""
    rows = [estimate(100 + number, 200) for number in range(10)]

    better = replay(rows, lambda _: 200).overall
    worse = replay(rows, lambda _: 1).overall
    same = replay([estimate(5, 10)] * 10, lambda _: 5).overall

    assert better.p == worse.p == pytest.approx(2 / 2**10)
    assert better.difference is not None
    assert better.difference < 0
    assert (same.p, same.difference) == (1.0, 0.0)


def test_without_an_outcome_there_is_nothing_to_compare() -> None:
    """The estimator is not even asked."""
    found = replay([estimate(1, None)], lambda _: 1)

    assert (found.overall.old.calls, found.overall.p, found.skipped) == (0, None, 1)
    assert found.strata == {}


@pytest.mark.parametrize("answer", [float("nan"), 8.5, -1, None, "8", True])
def test_what_is_no_number_of_tokens_is_refused_with_its_row(answer: Any) -> None:
    """A NaN would win every comparison."""
    with pytest.raises(EstimateError, match=r"estimate e1 of test_a\.py::test_b in run run") as no:
        replay([estimate(1, 1)], lambda _: answer)

    assert repr(answer) in str(no.value)


def test_an_estimator_that_raises_is_named_with_the_row() -> None:
    """What it raised is the cause."""

    def fail(task: Task) -> int:
        raise KeyError(task.model)

    with pytest.raises(EstimateError, match=r"e1 of .*: KeyError: None") as no:
        replay([estimate(1, 1)], fail)

    assert isinstance(no.value.__cause__, KeyError)


def test_progress_is_told_of_every_row() -> None:
    """Also of those that are left out."""
    steps: list[int] = []

    replay([estimate(1, 1), estimate(1, None)], lambda _: 1, advance=lambda: steps.append(1))

    assert len(steps) == 2
