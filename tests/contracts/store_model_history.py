"""What every `Store` must tell of models over time."""

from __future__ import annotations

from datetime import date, timedelta
from math import log
from typing import TYPE_CHECKING, Any

import pytest
from tests.contracts.store_models import model_event
from tests.contracts.store_samples import HOUR, NOON

from understudy.stats import LoadSums, RecentLoads, ThoughtSums, TokenSums
from understudy.store import Run

if TYPE_CHECKING:
    from understudy.events.model import AnyModelEvent
    from understudy.store import Store

_MINUTE = timedelta(minutes=1)
_TODAY, _TOMORROW = date(2026, 3, 14), date(2026, 3, 15)


def thought(value: float, tokens: int | None, **fields: Any) -> AnyModelEvent:
    """Make an answer of which nothing else is known."""
    bare = {"prompt_tokens": None, "prompt_ms": None, "decode_ms": None, "queue_ms": None}
    return model_event(value=value, tokens_generated=tokens, **bare | fields)


def load(seconds: float, **fields: Any) -> AnyModelEvent:
    """Make a load that succeeded."""
    return model_event("LOAD_LATENCY", value=seconds, **{"success": True} | fields)


def near(sums: TokenSums) -> Any:
    """Compare sums of floats as such."""
    return pytest.approx(vars_of(sums))


def vars_of(sums: TokenSums) -> dict[str, Any]:
    """Return the fields of sums."""
    return {name: getattr(sums, name) for name in TokenSums.__dataclass_fields__}


class ModelHistoryContract:
    """Part of `StoreContract`, which has the fixture `begun`: a store with a run and a test."""

    def test_answers_are_summed_by_component_source_and_length(self, begun: Store) -> None:
        """One of unknown tokens, a load and a look at memory are in no such sum."""
        begun.write_models(
            [
                thought(20.0, 10, prompt_tokens=5, prompt_ms=50.0, decode_ms=100.0),
                thought(30.0, 31, prompt_tokens=7, decode_ms=None),
                thought(0.0, 32),
                thought(9.0, 10, source="engine"),
                thought(99.0, None),
                load(6.0),
                model_event("VRAM_CHECK"),
                model_event("VRAM_LOCKOUT"),
            ]
        )

        summed = begun.model_history.thought_sums(since=NOON, until=NOON + HOUR)

        assert (summed.since, summed.until) == (NOON, NOON + HOUR)
        found = {(each.source, each.bucket): vars_of(each.sums) for each in summed.rows}
        assert found.keys() == {("stream", 0), ("stream", 1), ("engine", 0)}
        assert found["stream", 0] == near(
            TokenSums(
                count=2,
                tokens=41,
                ms=200 + 930,
                tokens_squared=100 + 961,
                tokens_ms=2000 + 28830,
                log_count=2,
                logs=log(20) + log(30),
                logs_squared=log(20) ** 2 + log(30) ** 2,
                least=20,
                most=30,
                prompt_tokens=5,
                prompt_ms=50,
                decode_tokens=10,
                decode_ms=100,
            )
        )
        assert found["stream", 1]["log_count"] == 0

    def test_sums_grow_with_every_write_and_by_nothing_twice(self, begun: Store) -> None:
        """A merge that is done again adds what is new."""
        first, second = thought(20.0, 10), thought(40.0, 10)
        begun.write_models([first])

        begun.write_models([first, second])

        (row,) = begun.model_history.thought_days(since=_TODAY, until=_TOMORROW)
        assert (row.day, row.sums.count, row.sums.ms) == (_TODAY, 2, 600.0)

    def test_each_run_and_day_stands_for_itself(self, begun: Store) -> None:
        """Rows at the ends, hours between; also of a run that was deleted."""
        begun.write_run(Run(run_id="other", started=NOON))
        at = NOON + 30 * _MINUTE
        begun.write_models(
            [
                thought(20.0, 10, ts=at - 20 * _MINUTE),
                thought(20.0, 10, ts=at),
                thought(30.0, 10, ts=at, run_id="other", phase_id=None),
                thought(40.0, 10, ts=at + HOUR),
                thought(50.0, 10, ts=at + 12 * HOUR),
                thought(60.0, 10, ts=at + 13 * HOUR),
            ]
        )
        found = begun.model_history.thought_runs(since=at, until=at + 13 * HOUR)

        sums = {(row.day, row.run_id): row.sums.ms for row in found}
        assert sums == {
            (_TODAY, "run"): 600.0,
            (_TODAY, "other"): 300.0,
            (_TOMORROW, "run"): 500.0,
        }
        begun.delete_run("other")
        whole = begun.model_history.thought_runs(since=NOON, until=NOON + 12 * HOUR)
        assert {row.run_id for row in whole} == {"run", "other"}

    def test_only_the_component_that_is_meant_is_told(self, begun: Store) -> None:
        """By its whole name, whatever stands in it."""
        name = "it's 100%? mine"
        begun.write_models(
            [thought(20.0, 10, component=name), thought(30.0, 10), load(1.0, component=name)]
        )
        history, until = begun.model_history, NOON + HOUR

        told_of: list[Any] = [
            *history.thought_sums(since=NOON, until=until, component=name).rows,
            *history.thought_runs(since=NOON, until=until, component=name),
            *history.thought_days(since=_TODAY, until=_TOMORROW, component=name),
            *history.load_days(since=_TODAY, until=_TOMORROW, component=name),
            *history.recent_loads(component=name),
        ]

        assert [each.component for each in told_of] == [name] * 5
        (bucket,) = history.thought_buckets(since=NOON, until=until, component=name)
        assert bucket.answers == [(name, "stream", 1, 10, 200.0)]
        assert list(history.thought_buckets(since=NOON, until=until, component="none")) == []

    def test_loads_are_summed_by_the_day(self, begun: Store) -> None:
        """One that failed is counted, and its seconds are in no sum."""
        begun.write_models([load(6.0), load(2.0), load(99.0, success=False)])

        (found,) = begun.model_history.load_days(since=_TODAY, until=_TOMORROW)

        assert (found.source, found.day) == ("engine", _TODAY)
        assert found.sums == LoadSums(
            count=2, failures=1, seconds=8.0, seconds_squared=40.0, least=2.0, most=6.0
        )

    def test_the_last_loads_that_succeeded_come_newest_first(self, begun: Store) -> None:
        """So many for each component and source."""
        loads = [load(float(number), ts=NOON + number * HOUR) for number in range(1, 6)]
        begun.write_models([*loads, load(9.0, ts=NOON + 9 * HOUR, success=False)])
        begun.write_models([load(7.0, source="told"), load(8.0, component="b", success=False)])

        found = begun.model_history.recent_loads(limit=3)

        assert sorted(found, key=lambda each: each.source) == [
            RecentLoads("gemma2:27b", "engine", (5.0, 4.0, 3.0)),
            RecentLoads("gemma2:27b", "told", (7.0,)),
        ]

    def test_short_times_of_a_day_are_told_from_the_rows(self, begun: Store) -> None:
        """Those without an answer have no row."""
        seconds = (0, 59, 60, 200)
        begun.write_models(
            [thought(20.0, 10, ts=NOON + timedelta(seconds=second)) for second in seconds]
        )

        found = begun.model_history.thought_buckets(since=NOON, until=NOON + 24 * HOUR)

        assert [(each.start - NOON, *each.answers) for each in found] == [
            (0 * _MINUTE, ("gemma2:27b", "stream", 2, 20, 400.0)),
            (1 * _MINUTE, ("gemma2:27b", "stream", 1, 10, 200.0)),
            (3 * _MINUTE, ("gemma2:27b", "stream", 1, 10, 200.0)),
        ]
        with pytest.raises(ValueError, match=r"at most 24 hours, not 1 day, 0:00:01"):
            begun.model_history.thought_buckets(
                since=NOON, until=NOON + timedelta(hours=24, seconds=1)
            )
        with pytest.raises(ValueError, match="at least a second, not 0"):
            begun.model_history.thought_buckets(since=NOON, until=NOON + HOUR, seconds=0)

    def test_what_comes_after_its_time_was_pruned_is_summed_up_once(self, begun: Store) -> None:
        """It is counted as late, and no row of it is kept."""
        begun.mark_pruned("model_log", NOON + HOUR)
        late, fresh = thought(20.0, 10), thought(40.0, 10, ts=NOON + HOUR)

        reports = [begun.write_models([late, fresh]) for _ in range(2)]

        assert [(report.written, report.late) for report in reports] == [(1, 1), (0, 0)]
        assert begun.models("run") == [fresh]
        history = begun.model_history
        summed = history.thought_sums(since=NOON + 5 * _MINUTE, until=NOON + 90 * _MINUTE)
        assert (summed.since, summed.until) == (NOON, NOON + 90 * _MINUTE)
        assert [row.sums.ms for row in summed.rows] == [600.0]

    def test_an_empty_window_has_no_sums(self, begun: Store) -> None:
        """Nor has an empty store."""
        history = begun.model_history

        assert history.thought_sums(since=NOON, until=NOON).rows == ()
        assert list(history.recent_loads()) == []

    def test_hours_that_are_gone_are_told_by_the_day(self, begun: Store) -> None:
        """The window grows to whole days, and says so."""
        begun.write_models([thought(20.0, 10), thought(30.0, 10, ts=NOON + 6 * HOUR)])
        midnight = NOON + 12 * HOUR
        begun.mark_pruned("model_log", midnight)
        begun.mark_pruned("model_rollups_hourly", midnight)

        summed = begun.model_history.thought_sums(since=NOON, until=midnight + HOUR)

        assert (summed.since, summed.until) == (NOON - 12 * HOUR, midnight + HOUR)
        assert summed.rows == (ThoughtSums("gemma2:27b", "stream", 0, summed.rows[0].sums),)
        assert summed.rows[0].sums.ms == 500.0
