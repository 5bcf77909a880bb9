"""What is summed up of models, and of whom: the figures between a store and their analysis."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from ._token_sums import extreme

if TYPE_CHECKING:
    from datetime import date, datetime

    from ._token_sums import TokenSums

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadSums:
    """Loads of a model, summed up; seconds are those of the `count` that succeeded."""

    count: int = 0
    failures: int = 0
    seconds: float = 0.0
    seconds_squared: float = 0.0
    least: float | None = None
    most: float | None = None

    @classmethod
    def of(cls, seconds: float, *, success: bool = True) -> LoadSums:
        """Return the sums of one load."""
        if not success:
            return cls(failures=1)
        return cls(
            count=1, seconds=seconds, seconds_squared=seconds**2, least=seconds, most=seconds
        )

    def __add__(self, other: LoadSums) -> LoadSums:
        return LoadSums(
            count=self.count + other.count,
            failures=self.failures + other.failures,
            seconds=self.seconds + other.seconds,
            seconds_squared=self.seconds_squared + other.seconds_squared,
            least=extreme(min, self.least, other.least),
            most=extreme(max, self.most, other.most),
        )


@dataclass(frozen=True, slots=True)
class ThoughtSums:
    """Answers of one model by one source and of one bucket; of one day or run where these are told.

    `bucket` counts TOKEN_BUCKETS from 0; days are of UTC.
    """

    component: str
    source: str
    bucket: int
    sums: TokenSums
    day: date | None = None
    run_id: str | None = None


@dataclass(frozen=True, slots=True)
class LoadDay:
    """Loads of one model by one source on one day of UTC."""

    component: str
    source: str
    day: date
    sums: LoadSums


@dataclass(frozen=True, slots=True)
class RecentLoads:
    """How many seconds the last loads took that succeeded, the newest first."""

    component: str
    source: str
    seconds: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Summed(Generic[Row]):
    """Rows, and the window that they are of: from `since` until before `until`.

    It may be wider than what was asked for, where only whole hours or days are kept.
    """

    since: datetime
    until: datetime
    rows: tuple[Row, ...]
