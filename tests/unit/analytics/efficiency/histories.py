"""Invented answers of a model, and sums of them as a store keeps them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from understudy.stats import (
    LoadDay,
    LoadSums,
    RecentLoads,
    Summed,
    ThoughtSums,
    TokenSums,
    token_bucket,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

NOON = datetime(2026, 3, 31, 12, tzinfo=UTC)
DAY = timedelta(days=1)


class Answer(NamedTuple):
    """An answer of `tokens`, `each_ms` for each of them."""

    tokens: int
    each_ms: float
    ts: datetime = NOON - timedelta(hours=1)
    run_id: str = "run"
    component: str = "gemma"
    source: str = "engine"

    @property
    def sums(self) -> TokenSums:
        """Its sums."""
        return TokenSums.of(self.tokens, self.tokens * self.each_ms)


def summed(
    answers: Iterable[Answer], *, by_day: bool = False, by_run: bool = False
) -> tuple[ThoughtSums, ...]:
    """Sum answers up by model, source and bucket, and by day and run where that is asked."""
    groups: defaultdict[tuple[str, str, int, date | None, str | None], TokenSums]
    groups = defaultdict(TokenSums)
    for each in answers:
        day = each.ts.astimezone(UTC).date() if by_day or by_run else None
        bucket = token_bucket(each.tokens)
        run = each.run_id if by_run else None
        groups[each.component, each.source, bucket, day, run] += each.sums
    return tuple(
        ThoughtSums(component, source, bucket, sums, day, run)
        for (component, source, bucket, day, run), sums in groups.items()
    )


@dataclass
class History:
    """Answers and loads that are kept as they are, and summed up when somebody asks."""

    answers: Sequence[Answer] = ()
    loads: Sequence[tuple[datetime, float | None]] = ()
    asked: list[tuple[datetime, datetime]] = field(default_factory=list)

    def _within(self, keep: Callable[[datetime], bool], component: str | None) -> Iterator[Answer]:
        for each in self.answers:
            if keep(each.ts) and component in {None, each.component}:
                yield each

    def thought_sums(
        self, *, since: datetime, until: datetime, component: str | None = None
    ) -> Summed[ThoughtSums]:
        """Return exactly the window that is asked for."""
        found = self._within(lambda ts: since <= ts < until, component)
        return Summed(since, until, summed(found))

    def thought_days(
        self, *, since: date, until: date, component: str | None = None
    ) -> Sequence[ThoughtSums]:
        """Return rows by day."""
        found = self._within(lambda ts: since <= ts.date() < until, component)
        return summed(found, by_day=True)

    def thought_runs(
        self, *, since: datetime, until: datetime, component: str | None = None
    ) -> Sequence[ThoughtSums]:
        """Return rows by day and run."""
        self.asked.append((since, until))
        found = self._within(lambda ts: since <= ts < until, component)
        return summed(found, by_run=True)

    def load_days(
        self, *, since: date, until: date, component: str | None = None
    ) -> Sequence[LoadDay]:
        """Return the loads of the one model by day."""
        return [
            LoadDay("gemma", "engine", ts.date(), LoadSums.of(seconds or 0, success=bool(seconds)))
            for ts, seconds in self.loads
            if since <= ts.date() < until and component in {None, "gemma"}
        ]

    def recent_loads(
        self, *, limit: int = 10, component: str | None = None
    ) -> Sequence[RecentLoads]:
        """Return the last loads that succeeded."""
        done = tuple(seconds for _, seconds in reversed(self.loads) if seconds)
        return (
            [RecentLoads("gemma", "engine", done[:limit])] if component in {None, "gemma"} else []
        )
