"""What the analysis asks of whoever keeps the sums."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from ...stats import LoadDay, RecentLoads, Summed, ThoughtSums


class Aggregates(Protocol):
    """Sums of answers and loads. Windows go from `since` until before `until`; days are of UTC.

    `component` is the model that is meant, all where it is None. Only answers that tell their
    tokens are in it, and none that was replayed, mocked, failed or simulated.
    """

    def thought_sums(
        self, *, since: datetime, until: datetime, component: str | None = None
    ) -> Summed[ThoughtSums]:
        """Return one row for each model, source and bucket."""

    def thought_days(
        self, *, since: date, until: date, component: str | None = None
    ) -> Sequence[ThoughtSums]:
        """Return the same for each day."""

    def thought_runs(
        self, *, since: datetime, until: datetime, component: str | None = None
    ) -> Sequence[ThoughtSums]:
        """Return the same for each day and run."""

    def load_days(
        self, *, since: date, until: date, component: str | None = None
    ) -> Sequence[LoadDay]:
        """Return one row for each model, source and day."""

    def recent_loads(
        self, *, limit: int = 10, component: str | None = None
    ) -> Sequence[RecentLoads]:
        """Return the last `limit` loads of each model and source that succeeded."""
