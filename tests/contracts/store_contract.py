"""What every `Store` must do."""

from __future__ import annotations

from datetime import datetime, timedelta
from operator import attrgetter
from typing import TYPE_CHECKING, Any

import pytest
from tests.contracts.store_estimates import EstimatesContract, estimate
from tests.contracts.store_lifecycle import LifecycleContract, lifecycle_event
from tests.contracts.store_model_history import ModelHistoryContract
from tests.contracts.store_models import ModelsContract, model_event
from tests.contracts.store_prune import PruneContract
from tests.contracts.store_retention import RetentionContract
from tests.contracts.store_samples import HOUR, NOON, PHASE, RUN, call, full_call
from tests.contracts.store_spend import SpendContract

from understudy.calls import Status
from understudy.errors import StoreError
from understudy.events import DirectEditEvent, EscalationEvent, UndoEvent, new_id
from understudy.store import Phase, Run

if TYPE_CHECKING:
    from understudy.events import AnyEvent
    from understudy.store import Store


class StoreContract(
    EstimatesContract,
    LifecycleContract,
    ModelsContract,
    ModelHistoryContract,
    RetentionContract,
    PruneContract,
    SpendContract,
):
    """Subclass it and give it a fixture `store` that yields an empty store."""

    @pytest.fixture
    def store(self) -> Store:
        """Yield an empty store; a subclass must define it."""
        raise NotImplementedError

    @pytest.fixture
    def begun(self, store: Store) -> Store:
        """Yield a store with a run and a test in it."""
        store.write_run(RUN)
        store.write_phases([PHASE])
        return store

    def test_an_empty_store_knows_no_run(self, store: Store) -> None:
        """There is no latest run before the first."""
        assert store.runs() == []
        assert store.latest_run_id() is None

    def test_the_latest_run_is_the_latest_of_pytest(self, store: Store) -> None:
        """A program that logs, or a gateway, is asked for by its id."""
        store.write_run(Run(run_id="tests", started=NOON))
        store.write_run(Run(run_id="program", kind="logger", started=NOON + HOUR))

        assert store.latest_run_id() == "tests"
        assert [run.kind for run in store.runs()] == ["logger", "pytest"]
        assert store.has_run("program")
        assert not store.has_run("nobody")

    def test_the_kind_of_a_run_stays(self, store: Store) -> None:
        """Where what is known later does not say it."""
        store.write_run(Run(run_id="program", kind="logger", started=NOON))

        store.write_run(Run(run_id="program", started=NOON, exit_status=0))

        assert [(run.kind, run.exit_status) for run in store.runs()] == [("logger", 0)]

    def test_many_events_at_once_come_back_as_they_were_written(self, begun: Store) -> None:
        """Those that are refused are found among them."""
        events = [full_call() for _ in range(120)]
        bad = full_call().model_copy(update={"phase_id": "nobody knows it"})

        report = begun.write_events([*events[:60], bad, *events[60:]])

        assert [refusal.record for refusal in report.refused] == [bad]
        key = attrgetter("event_id")
        assert sorted(begun.events("run"), key=key) == sorted(events, key=key)
        assert begun.footprint().rows["telemetry"] == 120
        assert begun.write_events(events).written == 0

    def test_a_run_comes_back_as_it_was_written(self, store: Store) -> None:
        """Every field of a run is stored."""
        run = Run(
            run_id="full",
            started=NOON,
            finished=NOON + timedelta(microseconds=1),
            exit_status=1,
            python_version="3.11.7",
            pytest_version="9.0",
            understudy_version="0.1.0",
            event_version=1,
            platform="Linux",
            git_commit="0" * 40,
            git_dirty=True,
            options=["-k", "a or b"],
            worker_count=4,
        )

        store.write_run(run)

        assert store.runs() == [run]

    def test_what_is_learned_later_does_not_unlearn_what_was_known(self, store: Store) -> None:
        """A second write of a run keeps what it does not tell."""
        store.write_run(RUN.model_copy(update={"platform": "Linux"}))

        store.write_run(Run(run_id="run", started=NOON + HOUR, git_commit="c0ffee"))

        assert store.runs() == [
            Run(run_id="run", started=NOON, platform="Linux", git_commit="c0ffee")
        ]

    def test_a_run_is_finished_with_its_exit_status(self, begun: Store) -> None:
        """The end of a run is written on its own."""
        begun.finish_run("run", finished=NOON + HOUR, exit_status=0)

        (run,) = begun.runs()
        assert (run.finished, run.exit_status) == (NOON + HOUR, 0)

    def test_the_newest_run_comes_first(self, store: Store) -> None:
        """Runs are sorted by their start, and can be limited."""
        for hours, run_id in enumerate(("old", "middle", "new")):
            store.write_run(Run(run_id=run_id, started=NOON + hours * HOUR))

        assert [run.run_id for run in store.runs()] == ["new", "middle", "old"]
        assert [run.run_id for run in store.runs(limit=1)] == ["new"]
        assert store.latest_run_id() == "new"

    def test_a_phase_comes_back_as_it_was_written(self, begun: Store) -> None:
        """Every field of a phase is stored, beside the reruns of the same test."""
        rerun = Phase(
            run_id="run",
            phase_id=PHASE.phase_id,
            worker="main",
            rerun=1,
            module="test_a.py",
            outcome="passed",
            started=NOON,
            duration_ms=12.5,
        )

        begun.write_phases([rerun])

        assert begun.phases("run") == [PHASE, rerun]

    def test_a_phase_that_was_made_up_takes_its_outcome_later(self, begun: Store) -> None:
        """A second write of a phase adds what it tells."""
        told = PHASE.model_copy(update={"outcome": "failed", "duration_ms": 5.0})

        begun.write_phases([told])
        begun.write_phases([PHASE])

        assert begun.phases("run") == [told]

    @pytest.mark.parametrize(
        "event",
        [
            call(),
            full_call(),
            DirectEditEvent(
                event_id=new_id(), ts=NOON, run_id="run", edit_latency_ms=3.5, lines_accepted=0
            ),
            UndoEvent(event_id=new_id(), ts=NOON, run_id="run", message_id="m"),
            EscalationEvent(
                event_id=new_id(), ts=NOON, run_id="run", tier="L4", escalation_reason="too hard"
            ),
        ],
        ids=lambda event: f"{event.event_type}-{len(event.model_fields_set)}",
    )
    def test_an_event_comes_back_as_it_was_written(self, begun: Store, event: AnyEvent) -> None:
        """Every field of every type of event is stored, unknown ones as unknown."""
        report = begun.write_events([event])

        assert report.written == 1
        assert begun.events("run") == [event]

    def test_events_come_back_in_the_order_of_time(self, begun: Store) -> None:
        """To the microsecond, and wherever the clock stood."""
        zone = datetime(2026, 3, 14, 14, 0, 0, 1).astimezone().tzinfo
        early = call(ts=NOON + timedelta(microseconds=1))
        late = call(ts=(NOON + timedelta(microseconds=2)).astimezone(zone))

        begun.write_events([late, early])

        assert [event.event_id for event in begun.events("run")] == [
            early.event_id,
            late.event_id,
        ]

    def test_an_event_written_twice_is_there_once(self, begun: Store) -> None:
        """Events are told apart by their id, in the rollups too."""
        first, second = call(), call()
        begun.write_events([first, first])

        report = begun.write_events([first, second])

        assert report.written == 1
        assert len(begun.events("run")) == len({first.event_id, second.event_id})
        (found,) = begun.statistics_by_model(since=NOON)
        assert found.attempts == len({first.event_id, second.event_id})

    @pytest.mark.parametrize(
        "fields",
        [
            {"tier": "L9"},
            {"origin": "guessed"},
            {"status": "unsure"},
            {"input_tokens": -1},
            {"input_tokens": 2**80},
            {"input_tokens": 1, "cache_read_tokens": 2},
            {"call_id": None},
            {"error": "x" * 501},
            {"error": "\ud800"},
            {"run_id": None},
            {"run_id": "nobody knows it"},
            {"phase_id": "test_a.py::nobody_knows_it"},
            {"worker": "gw7"},
        ],
        ids="-".join,
    )
    def test_an_event_that_breaks_a_constraint_is_refused_with_a_reason(
        self, begun: Store, fields: dict[str, Any]
    ) -> None:
        """The others are written; nothing is lost in silence."""
        good, bad = call(), call().model_copy(update=fields)

        report = begun.write_events([bad, good])

        assert report.written == 1
        (refusal,) = report.refused
        assert refusal.record is bad
        assert refusal.reason
        assert begun.events("run") == [good]
        (found,) = begun.statistics_by_model(since=NOON)
        assert found.attempts == 1

    def test_a_phase_of_an_unknown_run_is_refused(self, store: Store) -> None:
        """A phase belongs to a run."""
        report = store.write_phases([PHASE])

        assert [refusal.record for refusal in report.refused] == [PHASE]

    def test_events_of_a_test_belong_to_its_worker_and_rerun(self, begun: Store) -> None:
        """The key of a phase has four parts."""
        phase = Phase(run_id="run", phase_id=PHASE.phase_id, worker="gw0", rerun=1)
        begun.write_phases([phase])

        report = begun.write_events([call(worker="gw0", rerun=1)])

        assert report.refused == ()

    def test_a_deleted_run_takes_all_of_its_own_along(self, begun: Store) -> None:
        """Phases and events go with their run, those of others stay."""
        other = call(run_id="other", phase_id=None)
        begun.write_run(Run(run_id="other", started=NOON))
        begun.write_events([call(), other])

        deleted = begun.delete_run("run")

        assert deleted
        assert begun.phases("run") == []
        assert begun.events("run") == []
        assert begun.events("other") == [other]
        assert [run.run_id for run in begun.runs()] == ["other"]
        assert not begun.delete_run("run")

    def test_a_transaction_that_fails_leaves_nothing(self, begun: Store) -> None:
        """All or nothing, rollups included."""

        def write_and_fail() -> None:
            with begun.transaction():
                begun.write_run(Run(run_id="other", started=NOON))
                begun.write_events([call()])
                raise KeyError

        with pytest.raises(KeyError):
            write_and_fail()

        assert begun.latest_run_id() == "run"
        assert begun.events("run") == []
        assert begun.statistics_by_model(since=NOON) == []

    def test_statistics_are_exact_sums_over_successful_and_failed_attempts(
        self, begun: Store
    ) -> None:
        """Unknown stays unknown, a failed attempt is counted and not timed."""
        begun.write_events(
            [
                call(
                    input_tokens=10, output_tokens=4, cost_nanousd=7, ttfc_ms=1.0, duration_ms=8.0
                ),
                call(input_tokens=5, output_tokens=2, duration_ms=10.0, attempt=2),
                call(status=Status.ERROR, duration_ms=99.0),
                call(status=Status.CANCELLED, duration_ms=99.0),
            ]
        )

        (found,) = begun.statistics_by_model(since=NOON)

        assert (found.provider, found.model, found.origin) == ("openai", "gpt-4o", "live")
        assert (found.calls, found.attempts, found.errors, found.cancelled) == (3, 4, 1, 1)
        assert (found.with_usage, found.priced) == (2, 1)
        assert (found.input_tokens, found.output_tokens, found.cost_nanousd) == (15, 6, 7)
        assert (found.cache_read_tokens, found.reasoning_tokens) == (None, None)
        assert found.ms_per_output_token == pytest.approx(18 / 6)
        assert found.duration is not None
        assert (found.duration.count, found.duration.mean_ms) == (2, 9.0)
        assert (found.duration.min_ms, found.duration.max_ms) == (8.0, 10.0)
        assert found.duration.deviation_ms == pytest.approx(1.0)

    def test_statistics_keep_models_origins_and_clocks_apart(self, begun: Store) -> None:
        """The fastest by the token comes first, one without a figure last."""
        timed = {"output_tokens": 10, "duration_ms": 50.0}
        begun.write_events(
            [
                call(provider=None, request_model=None, origin=None),
                call(**timed | {"duration_ms": 90.0}),
                call(**timed, response_model="gpt-4o-2024-08-06", origin="mocked"),
                call(**timed | {"duration_ms": 10.0}, origin="mocked", clock="virtual"),
            ]
        )

        found = begun.statistics_by_model(since=NOON)

        assert [(each.model, each.origin, each.clock) for each in found] == [
            ("gpt-4o", "mocked", "virtual"),
            ("gpt-4o-2024-08-06", "mocked", "real"),
            ("gpt-4o", "live", "real"),
            (None, None, "real"),
        ]

    @pytest.mark.parametrize(
        "hours",
        [0.5, 1, 3.25, 24, 31.7, 24 * 9, 24 * 9 + 0.1],
    )
    def test_statistics_of_any_window_equal_a_count_of_its_calls(
        self, begun: Store, hours: float
    ) -> None:
        """From the first moment of the window until before its end."""
        calls = [call(ts=NOON + step * timedelta(minutes=37)) for step in range(400)]
        begun.write_events(calls)
        since = NOON + timedelta(minutes=74)
        until = since + hours * HOUR

        found = begun.statistics_by_model(since=since, until=until)

        expected = sum(since <= call.ts < until for call in calls)
        assert [each.attempts for each in found] == [expected]

    def test_statistics_of_a_time_that_is_pruned_are_of_the_whole_hour(self, begun: Store) -> None:
        """The calls at its ends are gone."""
        minutes = (10, 50, 70, 130)
        begun.write_events([call(ts=NOON + minute * HOUR / 60) for minute in minutes])
        begun.mark_pruned("telemetry", NOON + HOUR)

        found = begun.statistics_by_model(since=NOON + HOUR / 2, until=NOON + 2.5 * HOUR)

        assert [each.attempts for each in found] == [len(minutes)]

    def test_statistics_grow_with_every_write(self, begun: Store) -> None:
        """A second write adds to the sums of the first."""
        begun.write_events([call(duration_ms=1.0, input_tokens=1, ts=NOON)])
        begun.write_events([call(duration_ms=3.0, ts=NOON + HOUR)])

        (found,) = begun.statistics_by_model(since=NOON - 24 * HOUR)

        assert found.duration is not None
        assert (found.duration.count, found.duration.mean_ms) == (2, 2.0)
        assert (found.attempts, found.input_tokens) == (2, 1)

    def test_quantiles_are_off_by_less_than_five_percent(self, begun: Store) -> None:
        """They come from a histogram."""
        begun.write_events([call(duration_ms=float(value)) for value in range(1, 1001)])

        (found,) = begun.statistics_by_model(since=NOON)

        assert found.duration is not None
        assert found.duration.p50_ms == pytest.approx(500, rel=0.05)
        assert found.duration.p95_ms == pytest.approx(950, rel=0.05)

    def test_the_footprint_counts_rows_and_bytes(self, begun: Store) -> None:
        """Also after rows have gone."""
        begun.write_events([call(ts=NOON + HOUR), call(ts=NOON)])
        before = begun.footprint()

        begun.delete_run("run")

        after = begun.footprint()
        assert (before.rows["runs"], before.rows["phases"], before.rows["telemetry"]) == (1, 1, 2)
        assert (after.rows["runs"], after.rows["phases"], after.rows["telemetry"]) == (0, 0, 0)
        assert before.size_bytes > 0
        assert (before.oldest, after.oldest) == (NOON, None)

    def test_the_footprint_tells_each_table_about(self, begun: Store) -> None:
        """Under the documented names; together they are no more than the whole."""
        begun.write_events([call(ts=NOON + HOUR), call()])
        begun.write_estimates([estimate(ts=NOON + HOUR)])
        begun.write_lifecycle([lifecycle_event(ts=NOON + HOUR)])
        begun.write_models([model_event(ts=NOON - HOUR)])

        found = begun.footprint()

        tables = {each.table: each for each in found.tables}
        assert {name: (each.rows, each.oldest) for name, each in tables.items() if each.oldest} == {
            "runs": (1, NOON),
            "telemetry": (2, NOON),
            "token_estimates": (1, NOON + HOUR),
            "lifecycle_events": (1, NOON + HOUR),
            "model_events": (1, NOON - HOUR),
        }
        assert found.oldest == found.oldest_prunable == NOON - HOUR
        assert 0 < tables["telemetry"].size_bytes < sum(each.size_bytes for each in found.tables)
        assert sum(each.size_bytes for each in found.tables) <= found.size_bytes

    def test_an_estimate_is_old_and_still_not_due(self, begun: Store) -> None:
        """A prune keeps it."""
        begun.write_estimates([estimate(ts=NOON - HOUR)])
        begun.write_events([call()])

        found = begun.footprint()

        assert (found.oldest, found.oldest_prunable) == (NOON - HOUR, NOON)

    def test_a_closed_store_says_so(self, store: Store) -> None:
        """It raises our error, whatever the database raises."""
        store.close()

        with pytest.raises(StoreError):
            store.runs()
