"""Forecasts of months that are over, against what these came to; the benchmark has more of it."""

from __future__ import annotations

from statistics import median

from benchmarks.forecast import WIDTHS, WINDOW, cases, made_up


def test_the_average_of_28_days_halves_the_error_of_the_first_days() -> None:
    """And is no worse later; the narrower the margin, the smaller the error."""
    series = made_up(10)
    told = {
        has_history: [
            case
            for each in series
            for case in cases(each, (1, 10, 20), step=WINDOW, has_history=has_history)
        ]
        for has_history in (True, False)
    }
    ours, usual = (
        {day: median(case.error for case in cases if case.day == day) for day in (1, 10, 20)}
        for cases in told.values()
    )
    assert ours[1] <= min(16, usual[1] / 2)
    assert ours[10] <= min(12, usual[10])
    assert ours[20] <= usual[20] + 0.5

    errors, lower = [], 0.0
    for upper in WIDTHS[1:]:
        errors.append(median(c.error for c in told[True] if lower <= c.half_width < upper))
        lower = upper
    assert errors == sorted(errors)
    assert 0.7 <= sum(case.is_within for case in told[True]) / len(told[True]) <= 0.9
