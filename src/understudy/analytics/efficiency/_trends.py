"""Day by day: how fast models answer, and how long they load."""

from __future__ import annotations

from dataclasses import dataclass
from math import expm1, log
from typing import TYPE_CHECKING, Final, NamedTuple

from ...stats import LoadSums, TokenSums
from ._efficiency import ModelEfficiency, efficiency_of
from ._groups import Measured, grouped, nearest, total

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from ...stats import LoadDay, RecentLoads, ThoughtSums

#: A line through fewer days says nothing.
_LEAST_DAYS: Final = 3
#: A hundred times that is still a number.
_LARGEST_LOG: Final = 700.0


@dataclass(frozen=True, slots=True)
class TrendDay:
    """A model on one day of UTC; what did not happen on it has no figure."""

    day: date
    answers: TokenSums
    loads: LoadSums

    @property
    def ms_per_token(self) -> float | None:
        """All the time over all the tokens."""
        return self.answers.ms / self.answers.tokens if self.answers.tokens else None

    @property
    def load_seconds(self) -> float | None:
        """The mean of the loads that succeeded."""
        return self.loads.seconds / self.loads.count if self.loads.count else None


@dataclass(frozen=True, slots=True)
class ModelTrend:
    """The figures of a model over all its days, and each day.

    The changes are those of a line through the logarithms of the days, from the first to the
    last of them, in percent: above 0 it became slower. For answers the days are compared as if
    each had answers of the same lengths. None for fewer than three days.
    """

    figures: ModelEfficiency
    days: tuple[TrendDay, ...]
    change_percent: float | None
    load_change_percent: float | None


def trends_of(
    answers: Iterable[ThoughtSums],
    loads: Iterable[LoadDay] = (),
    recent_loads: Iterable[RecentLoads] = (),
) -> tuple[ModelTrend, ...]:
    """Return the trend of each model and source, the fastest by the token first."""
    by_answers, by_loads = grouped(answers), grouped(loads)
    every_answer = (row for rows in by_answers.values() for row in rows)
    return tuple(
        _trend(each, by_answers.get(key, ()), by_loads.get(nearest(key, by_loads), ()))
        for each in efficiency_of(every_answer, recent_loads)
        for key in [Measured(each.component, each.source)]
    )


def _trend(
    figures: ModelEfficiency, answers: Sequence[ThoughtSums], loads: Sequence[LoadDay]
) -> ModelTrend:
    dates = {row.day for row in answers if row.day is not None} | {row.day for row in loads}
    days = [
        TrendDay(
            day,
            total(row for row in answers if row.day == day),
            sum((row.sums for row in loads if row.day == day), start=LoadSums()),
        )
        for day in sorted(dates)
    ]
    took = [
        _Point(day.day.toordinal(), log(day.load_seconds), day.loads.count)
        for day in days
        if day.load_seconds
    ]
    return ModelTrend(figures, tuple(days), _change(_levels(answers)), _change(took))


class _Point(NamedTuple):
    """The mean logarithm of a day, and how many it is the mean of."""

    day: int
    level: float
    weight: int


def _levels(answers: Iterable[ThoughtSums]) -> list[_Point]:
    """Return how far each day is from what its answers usually take, bucket by bucket."""
    rows = [row for row in answers if row.day is not None and row.sums.log_count]
    usual: dict[int, TokenSums] = {}
    for row in rows:
        usual[row.bucket] = usual.get(row.bucket, TokenSums()) + row.sums
    days: dict[int, tuple[float, int]] = {}
    for row in rows:
        assert row.day is not None
        mean = usual[row.bucket].logs / usual[row.bucket].log_count
        off, weight = days.get(row.day.toordinal(), (0.0, 0))
        beyond = row.sums.logs - row.sums.log_count * mean
        days[row.day.toordinal()] = (off + beyond, weight + row.sums.log_count)
    return [_Point(day, off / weight, weight) for day, (off, weight) in sorted(days.items())]


def _change(points: Sequence[_Point]) -> float | None:
    """Return what the line of weighted least squares changes from the first day to the last."""
    if len(points) < _LEAST_DAYS:
        return None
    weight = sum(point.weight for point in points)
    middle = sum(point.weight * point.day for point in points) / weight
    mean = sum(point.weight * point.level for point in points) / weight
    spread = sum(point.weight * (point.day - middle) ** 2 for point in points)
    common = sum(point.weight * (point.day - middle) * (point.level - mean) for point in points)
    return 100 * expm1(min(common / spread * (points[-1].day - points[0].day), _LARGEST_LOG))
