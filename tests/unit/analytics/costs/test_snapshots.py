"""Running totals, noted each minute: nothing is lost or counted twice."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.redis_server import RedisServer

from understudy.analytics.costs import (
    MemoryHistory,
    SnapshotHistory,
    Snapshots,
    SnapshotTotals,
    forecast,
    period_of,
    trends_of,
)
from understudy.errors import SettingsError, StoreError
from understudy.stats import SNAPSHOT_BYTES, RunningTotals, Snapshot, SpendTotals, unpacked
from understudy.store import RedisHistory

if TYPE_CHECKING:
    from collections.abc import Iterator

START = datetime(2026, 4, 11, tzinfo=UTC)
START_MS = int(START.timestamp() * 1000)
MINUTE = 60_000


def epoch(number: int) -> str:
    return f"{number:032x}"


def paid(requests: int, *, unpriced: int = 0) -> RunningTotals:
    return RunningTotals(7 * (requests - unpriced), 3, requests, 10 * requests, requests, unpriced)


def after(minutes: int) -> datetime:
    return START + timedelta(minutes=minutes)


def between(history: SnapshotHistory, first: int, last: int) -> SpendTotals:
    """Sum up from a minute to another."""
    return SnapshotTotals(history.since(0)).totals(after(first), after(last))


@pytest.fixture(scope="module")
def server() -> Iterator[RedisServer]:
    """A real one, where it is installed."""
    pytest.importorskip("redis")
    with RedisServer() as running:
        yield running


@pytest.fixture(params=["memory", "redis"])
def history(request: pytest.FixtureRequest) -> Iterator[SnapshotHistory]:
    """An empty one that keeps three of a minute."""
    if request.param == "memory":
        yield MemoryHistory(3)
        return
    server = request.getfixturevalue("server")
    kept = RedisHistory(server.url, prefix=f"{request.node.name}:", keep_seconds=180)
    yield kept
    kept.close()


def test_the_newest_are_kept(history: SnapshotHistory) -> None:
    """In the order of time, exactly as they were."""
    given = [Snapshot(epoch(1), START_MS, START_MS + n * MINUTE, paid(n)) for n in range(5)]
    for snapshot in given:
        history.add(snapshot)

    assert history.since(0) == given[2:]
    assert history.since(given[3].moment_ms) == given[4:]


def test_what_was_forgotten_is_not_counted_as_new(history: SnapshotHistory) -> None:
    """The oldest that is kept tells how much came before it, and when that began."""
    for n in range(5):
        history.add(Snapshot(epoch(1), START_MS, START_MS + n * MINUTE, paid(10 + n)))

    assert between(history, 0, 4) == SpendTotals(14, 2, 22)
    assert between(history, -1, 4) == SpendTotals(98, 14, 154)
    assert SnapshotTotals(history.since(0)).since() == START + timedelta(minutes=2)


def test_processes_that_share_a_server_are_added_up(server: RedisServer) -> None:
    """Also one whose clock lags behind, and one that restarted."""
    first, second = (RedisHistory(server.url, prefix="shared:") for _ in range(2))
    first.add(Snapshot(epoch(1), START_MS, START_MS, paid(0)))
    first.add(Snapshot(epoch(1), START_MS, START_MS + 2 * MINUTE, paid(5)))
    second.add(Snapshot(epoch(2), START_MS + MINUTE, START_MS + MINUTE, paid(0)))
    second.add(Snapshot(epoch(2), START_MS + MINUTE, START_MS + 3 * MINUTE, paid(4)))
    second.add(Snapshot(epoch(3), START_MS + 4 * MINUTE, START_MS + 4 * MINUTE, paid(1)))

    assert between(first, 0, 9).requests == between(second, 0, 9).requests == 10
    assert between(first, 2, 3).requests == 4
    for each in (first, second):
        each.close()


def test_a_server_that_is_away_holds_nothing_up(caplog: pytest.LogCaptureFixture) -> None:
    """Adding says so once; who asks is told, for no history is not an empty one."""
    pytest.importorskip("redis")
    server = RedisServer()
    history = RedisHistory(server.url)
    for number in range(2):
        history.add(Snapshot(epoch(1), START_MS, START_MS + number, paid(number)))
    with pytest.raises(StoreError, match="gives none"):
        history.since(0)
    assert [record.levelname for record in caplog.records] == ["WARNING"]

    with server:
        history.add(Snapshot(epoch(1), START_MS, START_MS + MINUTE, paid(9)))
        assert between(history, -1, 1).requests == 9  # it makes up for those that were lost
        history.close()


def test_a_wrong_url_says_what_is_wrong() -> None:
    """Without the password."""
    pytest.importorskip("redis")
    with pytest.raises(SettingsError, match="'host' is no URL") as caught:
        RedisHistory("http://user:secret@host")
    assert "secret" not in str(caught.value)


@given(
    steps=st.lists(
        st.tuples(
            st.sampled_from(["a", "b"]),
            st.sampled_from(["work", "work", "restart"]),
            st.integers(0, 9),
            st.booleans(),
        ),
        max_size=40,
    ),
    cut=st.integers(-1, 41),
)
def test_restarts_and_several_processes_add_up(
    steps: list[tuple[str, str, int, bool]], cut: int
) -> None:
    """Whatever they do, in whatever turn, and whichever snapshots but the last are lost."""
    history = MemoryHistory()
    begun = 0
    running: dict[str, tuple[Snapshots, int]] = {}
    for minute, (name, what, requests, _) in enumerate(steps, start=1):
        if name not in running or what == "restart":
            begun += 1
            running[name] = (Snapshots(history, epoch=epoch(begun)), 0)
        snapshots, before = running[name]
        running[name] = (snapshots, before + requests)
        snapshots.take(START_MS + minute * MINUTE, paid(before + requests))
    taken = history.since(0)
    last = {each.epoch: each for each in taken}.values()
    kept = [e for e, step in zip(taken, steps, strict=True) if step[3] or e in last]
    totals, (begin, middle, end) = SnapshotTotals(kept), map(after, (-1, cut, 50))
    parts = totals.totals(begin, middle), totals.totals(middle, end)

    assert sum(part.requests for part in parts) == sum(step[2] for step in steps)
    assert totals.totals(begin, end).spend == 7 * sum(step[2] for step in steps)
    assert all(part.requests >= 0 for part in parts)


def test_one_is_taken_a_minute() -> None:
    """The first at once; a clock that is set back neither stops them nor turns them round."""
    history = MemoryHistory()
    snapshots = Snapshots(history, epoch=epoch(1))
    taken = [
        snapshots.tick(START_MS + second * 1000, RunningTotals)
        for second in (0, 59, 60, 119, 120, -3600, -3599, -3540)
    ]

    assert taken == [True, False, True, False, True, True, False, True]
    moments = [each.moment_ms for each in history.since(0)]
    assert moments == sorted(set(moments))
    assert len(moments) == 5


@given(
    st.builds(RunningTotals, *[st.integers(-(2**63) + 1, 2**63 - 1)] * 6),
    st.uuids().map(lambda each: each.hex),
    st.integers(0, 2**40),
)
def test_a_snapshot_is_80_bytes(totals: RunningTotals, epoch: str, moment: int) -> None:
    """And comes back as it was."""
    snapshot = Snapshot(epoch, 5, moment, totals)

    assert len(snapshot.packed()) == SNAPSHOT_BYTES == 80
    assert unpacked(snapshot.packed()) == snapshot


def test_figures_beyond_all_bounds_do_not_stop_the_snapshots() -> None:
    """A provider may say anything."""
    snapshot = Snapshot(epoch(1), START_MS, START_MS, RunningTotals(input_tokens=10**40))
    assert unpacked(snapshot.packed()).totals.input_tokens == 2**63 - 1


def test_what_nobody_knows_is_not_nothing() -> None:
    """Neither the cost of unpriced calls, nor a time before the first snapshot."""
    assert SnapshotTotals([]).since() is None
    history = MemoryHistory()
    snapshots = Snapshots(history, epoch=epoch(1))
    snapshots.take(START_MS, RunningTotals())
    snapshots.take(START_MS + 30 * MINUTE, paid(4, unpriced=4))
    totals = SnapshotTotals(history.since(0))
    now = START + timedelta(minutes=90)

    assert totals.totals(START, now).spend is None
    hour = trends_of(totals.totals, now=now, since=totals.since())[0]
    assert (hour.metric, hour.value, hour.covered) == ("spend", 0, False)


def test_a_history_tells_days_as_the_store_does() -> None:
    """Midnight is that of the zone; a day on which nothing was recorded ahead is left out."""
    history, zone = MemoryHistory(), ZoneInfo("Europe/Vienna")  # two hours ahead of UTC
    snapshots = Snapshots(history, epoch=epoch(1))
    for hour, requests in ((0, 0), (21, 3), (23, 5), (30, 6)):
        snapshots.take(START_MS + hour * 60 * MINUTE, paid(requests))
    told = SnapshotTotals(history.since(0)).spending(
        zone, first=date(2026, 4, 10), last=date(2026, 4, 12)
    )

    assert told.since == date(2026, 4, 11)
    assert told.by_day == {date(2026, 4, 11): 21, date(2026, 4, 12): 21}
    now = START + timedelta(hours=30)
    found = forecast(told, period=period_of("monthly", now, zone), now=now)
    assert found.spent_nanousd == 42
