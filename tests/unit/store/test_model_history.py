"""Sums of models, held to what one gets who counts every event."""

from __future__ import annotations

import shutil
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from functools import reduce
from operator import add
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.store.samples import RUN

from understudy.events import new_id
from understudy.events.model import ThoughtLatency
from understudy.stats import TokenSums, token_bucket
from understudy.store import Run, Store, open_store

if TYPE_CHECKING:
    from collections.abc import Iterable

_START = datetime(2026, 3, 13, tzinfo=UTC)
_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SPAN = int(3 * _DAY / timedelta(minutes=1))

#: Whole minutes and hours are what goes wrong.
_MOMENTS = st.one_of(
    st.integers(0, _SPAN).map(lambda minutes: _START + timedelta(minutes=minutes)),
    st.integers(0, 72).map(lambda hours: _START + hours * _HOUR),
    st.integers(0, _SPAN * 60_000_000).map(lambda micros: _START + timedelta(microseconds=micros)),
)
_EVENTS = st.builds(
    lambda **fields: ThoughtLatency(event_id=new_id(), **fields),
    ts=_MOMENTS,
    run_id=st.sampled_from(["run", "other"]),
    component=st.sampled_from(["a", "b"]),
    source=st.sampled_from(["engine", "told"]),
    value=st.floats(0, 1e4),
    tokens_generated=st.none() | st.sampled_from([1, 31, 32, 600]),
    prompt_tokens=st.none() | st.integers(0, 9000),
    prompt_ms=st.none() | st.floats(0, 1e4),
    decode_ms=st.none() | st.floats(0, 1e4),
)
_BATCHES = st.lists(st.lists(_EVENTS, max_size=12), max_size=4)
_WINDOWS = st.tuples(_MOMENTS, _MOMENTS).map(sorted)


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with two runs and no events."""
    path = tmp_path_factory.mktemp("history") / "empty.db"
    with open_store(path) as store:
        store.write_run(RUN)
        store.write_run(Run(run_id="other", started=_START))
    return path


def copy_of(empty: Path) -> Path:
    return Path(shutil.copy(empty, empty.with_name(f"{new_id()}.db")))


def counted(
    events: Iterable[ThoughtLatency], since: datetime, until: datetime, *names: str
) -> dict[tuple[Any, ...], Any]:
    """Add up every event; by day and run where these are named."""
    groups: defaultdict[tuple[Any, ...], list[TokenSums]] = defaultdict(list)
    for event in events:
        assert event.ts is not None
        if event.tokens_generated is None or not since <= event.ts < until:
            continue
        known = {"day": event.ts.date(), "run_id": event.run_id}
        bucket = token_bucket(event.tokens_generated)
        key = (event.component, event.source, bucket, *(known[name] for name in names))
        groups[key].append(
            TokenSums.of(
                event.tokens_generated,
                event.value * event.tokens_generated,
                prompt_tokens=event.prompt_tokens,
                prompt_ms=event.prompt_ms,
                decode_ms=event.decode_ms,
            )
        )
    return {key: near(reduce(add, sums)) for key, sums in groups.items()}


def near(sums: TokenSums) -> Any:
    return pytest.approx(figures(sums), rel=1e-6, abs=1e-6)


def figures(sums: TokenSums) -> dict[str, Any]:
    return {name: getattr(sums, name) for name in TokenSums.__dataclass_fields__}


def prune(store: Store, rows: datetime, hours: datetime) -> None:
    """Delete as `understudy prune` does: the mark first."""
    store.mark_pruned("model_log", rows)
    store.mark_pruned("model_rollups_hourly", hours)
    micros = (rows - _EPOCH) // timedelta(microseconds=1)
    with store.transaction():
        store._connection.delete_rows("model_log", "ts < ?", [(micros,)])
        text = hours.isoformat()[:13]
        store._connection.delete_rows("model_rollups_hourly", "hour < ?", [(text,)])


def is_exact(moment: datetime, rows: datetime, hours: datetime) -> bool:
    """Tell whether a window may end there: among rows that are kept, or on whole hours or days."""
    hour = moment - (moment - _EPOCH) % _HOUR
    if moment != hour:
        return hour >= rows and hour >= hours
    return moment >= hours or not (moment - _EPOCH) % _DAY


@settings(max_examples=40)
@given(batches=_BATCHES, window=_WINDOWS)
def test_rollups_and_edges_are_what_counting_every_event_gives(
    empty: Path, batches: list[list[ThoughtLatency]], window: list[datetime]
) -> None:
    """For any window, in whatever order and however often journals are merged."""
    since, until = window
    with open_store(copy_of(empty)) as store:
        for batch in (*batches, *batches[:1]):
            store.write_models(batch)
        summed = store.model_history.thought_sums(since=since, until=until)
        runs = store.model_history.thought_runs(since=since, until=until)

    events = [event for batch in batches for event in batch]
    assert (summed.since, summed.until) == (since, until)
    found = {(row.component, row.source, row.bucket): figures(row.sums) for row in summed.rows}
    assert found == counted(events, since, until)
    by_run = {
        (row.component, row.source, row.bucket, row.day, row.run_id): figures(row.sums)
        for row in runs
    }
    assert by_run == counted(events, since, until, "day", "run_id")


@settings(max_examples=60)
@given(
    before=_BATCHES,
    after=_BATCHES,
    window=_WINDOWS,
    rows=_MOMENTS,
    day=st.integers(0, 3).map(lambda days: _START + days * _DAY),
)
def test_sums_outlive_the_rows_and_say_of_which_window_they_are(
    empty: Path,
    before: list[list[ThoughtLatency]],
    after: list[list[ThoughtLatency]],
    window: list[datetime],
    rows: datetime,
    day: datetime,
) -> None:
    """Before and after pruning, with journals that come late."""
    since, until = window
    hours = min(day, rows - (rows - _EPOCH) % _DAY)
    with open_store(copy_of(empty)) as store:
        for batch in before:
            store.write_models(batch)
        prune(store, rows, hours)
        for batch in (*after, *after[:1]):
            store.write_models(batch)
        summed = store.model_history.thought_sums(since=since, until=until)
        kept = [event for run_id in ("run", "other") for event in store.models(run_id)]

    assert summed.since <= since <= until <= summed.until
    if since.date() != until.date():  # else one end may move the other
        assert summed.since == since or not is_exact(since, rows, hours)
        assert summed.until == until or not is_exact(until, rows, hours)
    events = [event for batch in (*before, *after) for event in batch]
    found = {(row.component, row.source, row.bucket): figures(row.sums) for row in summed.rows}
    assert found == counted(events, summed.since, summed.until)
    assert len(kept) == sum(event.ts is not None and event.ts >= rows for event in events)
