"""Whether more is spent, asked and answered than in the time before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final, Literal, TypeAlias, get_args

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from ...stats import SpendTotals

Metric: TypeAlias = Literal["spend", "requests", "tokens"]
METRICS: Final[tuple[Metric, ...]] = get_args(Metric)
WINDOWS: Final = {
    "1h": timedelta(hours=1),
    "24h": timedelta(hours=24),
    "7d": timedelta(days=7),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Trend:
    """A metric in a window and in the one as long before it.

    `covered` is False where the recording began later than the window before; what was in it is
    then unknown, as is `change_percent` where there was nothing before.
    """

    metric: Metric
    window: str
    value: int | None
    previous: int | None
    change: int | None
    change_percent: float | None
    covered: bool


def trends_of(
    totals: Callable[[datetime, datetime], SpendTotals], *, now: datetime, since: datetime | None
) -> tuple[Trend, ...]:
    """Compare each window with the one before; `since` is when the recording began.

    Args:
        totals: sums up from the first moment until before the second.
        now: the end of the windows.
        since: None where nothing was recorded.
    """
    return tuple(
        trend
        for window, length in WINDOWS.items()
        for trend in _trends(totals, window, length, now=now, since=since)
    )


def _trends(
    totals: Callable[[datetime, datetime], SpendTotals],
    window: str,
    length: timedelta,
    *,
    now: datetime,
    since: datetime | None,
) -> tuple[Trend, ...]:
    middle, begin = now - length, now - 2 * length
    covered = since is not None and since <= begin
    current = totals(middle, now) if since is not None and since < now else None
    before = totals(begin, middle) if covered else None
    return tuple(
        _trend(metric, window, _told(current, metric), _told(before, metric), covered=covered)
        for metric in METRICS
    )


def _told(totals: SpendTotals | None, metric: Metric) -> int | None:
    if totals is None:
        return None
    value: int | None = getattr(totals, metric)
    return 0 if value is None and not totals.requests else value


def _trend(
    metric: Metric, window: str, value: int | None, previous: int | None, *, covered: bool
) -> Trend:
    change = None if value is None or previous is None else value - previous
    return Trend(
        metric=metric,
        window=window,
        value=value,
        previous=previous,
        change=change,
        change_percent=100 * change / previous if change is not None and previous else None,
        covered=covered,
    )
