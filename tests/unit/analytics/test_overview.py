"""The predictions of a run, in all and by what they were for."""

from __future__ import annotations

from tests.unit.analytics.samples import estimate

from understudy.analytics import overview_of


def test_predictions_are_summed_up_by_category_and_complexity() -> None:
    """Those that name none come last, under None."""
    found = overview_of(
        [
            estimate(1, 2, category="testing", complexity="low"),
            estimate(1, 1, category="implementation", complexity="low"),
            estimate(1, 1),
        ]
    )

    assert (found.predictions, found.overall.calls) == (3, 3)
    assert list(found.by_category) == ["implementation", "testing", None]
    assert {name: each.calls for name, each in found.by_complexity.items()} == {"low": 2, None: 1}
    assert found.by_category["testing"].underestimated == 1


def test_what_has_no_outcome_is_told_apart() -> None:
    """No call, a call that failed, an answer without usage."""
    found = overview_of(
        [
            estimate(1, None, success=None),
            estimate(1, None, success=False),
            estimate(1, None),
            estimate(1, 5, truncated=True),
        ]
    )

    assert (found.predictions, found.overall.calls) == (4, 1)
    assert (found.without_call, found.failed, found.without_usage) == (1, 1, 1)
    assert found.truncated == 1
