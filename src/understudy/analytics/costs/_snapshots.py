"""A history of running totals, and what was spent between two moments of it."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import TYPE_CHECKING, Final, Protocol

from ...stats import SNAPSHOT_BYTES, RunningTotals, Snapshot, Spending, SpendTotals, unpacked
from ._period import Period, local_day

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date
    from zoneinfo import ZoneInfo

SNAPSHOT_SECONDS: Final = 60
SNAPSHOTS: Final = 1440
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND: Final = timedelta(milliseconds=1)


class SnapshotHistory(Protocol):
    """Keeps the newest snapshots, of one process or of all that share it."""

    def add(self, snapshot: Snapshot) -> None:
        """Keep a snapshot, and forget what is too old or too much."""

    def since(self, moment_ms: int) -> list[Snapshot]:
        """Return the snapshots after a moment, in the order of time."""


class MemoryHistory:
    """The newest snapshots of this process, in a ring of bytes. Safe for threads.

    Args:
        most: how many are kept.
    """

    def __init__(self, most: int = SNAPSHOTS) -> None:
        self._most = most
        self._ring = bytearray()
        self._next = 0
        self._lock = Lock()

    def add(self, snapshot: Snapshot) -> None:
        """Keep a snapshot in place of the oldest one."""
        data, begin = snapshot.packed(), self._next * SNAPSHOT_BYTES
        with self._lock:
            self._ring[begin : begin + SNAPSHOT_BYTES] = data
            self._next = (self._next + 1) % self._most

    def since(self, moment_ms: int) -> list[Snapshot]:
        """Return the snapshots after a moment, in the order of time."""
        with self._lock:
            oldest = self._next * SNAPSHOT_BYTES
            kept = bytes(self._ring[oldest:] + self._ring[:oldest])
        places = range(0, len(kept), SNAPSHOT_BYTES)
        found = [unpacked(kept[place : place + SNAPSHOT_BYTES]) for place in places]
        return sorted((e for e in found if e.moment_ms > moment_ms), key=lambda e: e.moment_ms)


class Snapshots:
    """Takes a snapshot of a process's totals whenever one is due.

    Args:
        history: where they are kept.
        epoch: of this process: 32 hexadecimal digits, never used before.
        seconds: between two of them.
    """

    def __init__(
        self, history: SnapshotHistory, *, epoch: str, seconds: float = SNAPSHOT_SECONDS
    ) -> None:
        self._history = history
        self._epoch = epoch
        self._interval_ms = round(seconds * 1000)
        self._began_ms: int | None = None
        self._asked_ms = self._last_ms = 0

    def tick(self, now_ms: int, totals: Callable[[], RunningTotals]) -> bool:
        """Take one where that is due; return whether it was.

        The first is due at once. A clock that is set back holds none up.
        """
        is_new = self._began_ms is None
        is_due = is_new or not 0 <= now_ms - self._asked_ms < self._interval_ms
        if is_due:
            self.take(now_ms, totals())
        return is_due

    def take(self, now_ms: int, totals: RunningTotals) -> None:
        """Take one now, as when the process ends; each is later than the one before."""
        self._asked_ms = now_ms
        self._last_ms = max(now_ms, self._last_ms + 1)
        if self._began_ms is None:
            self._began_ms = self._last_ms
        self._history.add(Snapshot(self._epoch, self._began_ms, self._last_ms, totals))


class SnapshotTotals:
    """What was paid for according to a history, over all epochs in it; a `SpendSource`.

    It is exact from snapshot to snapshot: neighbouring windows add up to the whole. What a
    process did between its last snapshot and its end nobody knows.
    """

    def __init__(self, snapshots: Iterable[Snapshot]) -> None:
        by_epoch: defaultdict[str, list[Snapshot]] = defaultdict(list)
        for snapshot in snapshots:
            by_epoch[snapshot.epoch].append(snapshot)
        self._epochs = [sorted(each, key=lambda e: e.moment_ms) for each in by_epoch.values()]
        self._moments = [[each.moment_ms for each in epoch] for epoch in self._epochs]

    def since(self) -> datetime | None:
        """Return from when on the sums are whole; None where there are no snapshots."""
        if not self._epochs:
            return None
        firsts = [epoch[0] for epoch in self._epochs]
        cut = [first.moment_ms for first in firsts if first.began_ms < first.moment_ms]
        begin = max(cut) if cut else min(first.moment_ms for first in firsts)
        return _EPOCH + begin * _MILLISECOND

    def totals(self, since: datetime, until: datetime) -> SpendTotals:
        """Return what came after `since` up to `until`."""
        told = self._until(until) - self._until(since)
        is_told = not told.requests or told.unpriced < told.requests
        tokens = told.input_tokens + told.output_tokens
        return SpendTotals(
            spend=told.spent_nanousd if is_told or told.spent_nanousd else None,
            requests=told.requests,
            tokens=tokens if tokens or not told.requests else None,
            unpriced=told.unpriced,
        )

    def spending(self, zone: ZoneInfo, *, first: date, last: date) -> Spending:
        """Return what each day of the zone cost, from `first` to `last`."""
        since = self.since()
        by_day: dict[date, int] = {}
        unpriced: dict[date, int] = {}
        for day in (first + timedelta(days=each) for each in range((last - first).days + 1)):
            period = Period("daily", zone, day, day + timedelta(days=1))
            told = self.totals(period.start, period.end)
            if told.unpriced:
                unpriced[day] = told.unpriced
            if told.spend:  # a correction needs no request
                by_day[day] = told.spend
        began = None if since is None else local_day(since, zone)
        return Spending(began, by_day, unpriced)

    def _until(self, moment: datetime) -> RunningTotals:
        """Add up what each epoch came to until a moment, or a little later where that is lost."""
        moment_ms = (moment - _EPOCH) // _MILLISECOND
        total = RunningTotals()
        for epoch, moments in zip(self._epochs, self._moments, strict=True):
            place = bisect_right(moments, moment_ms) - 1
            if place >= 0:
                total += epoch[place].totals
            elif epoch[0].began_ms <= moment_ms:
                total += epoch[0].totals
        return total
