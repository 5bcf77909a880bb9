"""What every `Store` must do when it is pruned."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from tests.contracts.store_estimates import estimate
from tests.contracts.store_lifecycle import lifecycle_event
from tests.contracts.store_models import model_event
from tests.contracts.store_samples import HOUR, NOON, PHASE, call

from understudy.clock import RealClock
from understudy.errors import StoreError
from understudy.events.model import MODEL_EVENT_TYPES
from understudy.reports.export import export_format
from understudy.store import Phase, Run
from understudy.store.exports import export_tables
from understudy.store.retention import Archive, PruneOrder

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from understudy.store import Store
    from understudy.store.retention import ArchiveFile, PruneReport


def prune(store: Store, order: PruneOrder, **more: Any) -> PruneReport:
    """Prune with the formats that there are."""
    return store.prune(order, formats=export_format, clock=RealClock(), **more)


def archived(files: Iterable[ArchiveFile]) -> list[tuple[str, tuple[Any, ...]]]:
    """Return table and key of each row in files."""
    tables = {each.title: each for each in export_tables().values() if each.name != "calls"}
    return [
        (each.table, key)
        for each in files
        for key in export_format(each.path.suffix[1:]).keys(each.path, tables[each.table])
    ]


class PruneContract:
    """Part of `StoreContract`, which has the fixture `begun`: a store with a run and a test."""

    def test_what_is_old_goes_and_its_sums_stay(self, begun: Store) -> None:
        """By the age of the row; estimates stay unless asked for."""
        old, recent = call(ts=NOON - HOUR), call(ts=NOON)
        begun.write_events([old, recent])
        begun.write_lifecycle([lifecycle_event(ts=NOON - HOUR)])
        begun.write_estimates([estimate(ts=NOON - HOUR)])
        before = begun.statistics_by_model(since=NOON - HOUR)

        report = prune(begun, PruneOrder(NOON))

        assert begun.events("run") == [recent]
        assert begun.lifecycle("run") == []
        assert len(begun.estimates("run")) == 1
        assert dict(report.rows) == {"telemetry": 1, "lifecycle_events": 1}
        assert report.finished
        assert begun.statistics_by_model(since=NOON - HOUR) == before
        assert begun.pruned() == {
            **dict.fromkeys(("telemetry", "lifecycle_events", "model_log"), NOON),
            **dict.fromkeys(("rollups_hourly", "model_rollups_hourly"), NOON - 12 * HOUR),
        }
        assert begun.footprint().rows["telemetry"] == 1

    def test_tests_and_runs_go_when_nothing_of_them_is_left(self, store: Store) -> None:
        """Those that are as old; one that has an estimate has something left."""
        for run_id, hours in (("old", 2), ("with an estimate", 2), ("new", 0)):
            store.write_run(Run(run_id=run_id, started=NOON - hours * HOUR))
            store.write_phases([Phase(run_id=run_id, phase_id="test")])
        store.write_events([call(run_id="old", phase_id="test", ts=NOON - HOUR)])
        store.write_estimates([estimate(run_id="with an estimate", phase_id="test", ts=NOON)])

        prune(store, PruneOrder(NOON))

        assert {run.run_id for run in store.runs()} == {"with an estimate", "new"}
        assert len(store.phases("with an estimate")) == 1

    def test_estimates_go_when_asked_for(self, begun: Store) -> None:
        """And with the last one its test and its run."""
        begun.write_estimates([estimate(ts=NOON - HOUR)])

        report = prune(begun, PruneOrder(NOON + HOUR, estimates=True))

        assert dict(report.rows) == {"token_estimates": 1, "phases": 1, "runs": 1}
        assert begun.runs() == []

    def test_a_plan_says_what_goes(self, begun: Store) -> None:
        """Rows, and about how many bytes; nothing is touched."""
        begun.write_events([call(ts=NOON - HOUR), call(ts=NOON + 2 * HOUR)])
        begun.write_lifecycle([lifecycle_event(ts=NOON - HOUR, phase_id=None)])
        begun.write_run(Run(run_id="old", started=NOON))
        begun.write_phases([Phase(run_id="old", phase_id="test")])
        order = PruneOrder(NOON + HOUR)

        plan = begun.plan_prune(order)

        assert len(begun.events("run")) == 2
        report = prune(begun, order)
        assert {name: each.rows for name, each in plan.items() if each.rows} == report.rows
        assert plan["telemetry"].size_bytes is None or plan["telemetry"].size_bytes > 0

    def test_a_run_that_is_spared_keeps_all(self, begun: Store) -> None:
        """Its journals are not merged yet."""
        begun.write_events([call(ts=NOON - HOUR)])

        report = prune(begun, PruneOrder(NOON + HOUR, spared=frozenset({"run"})))

        assert not any(report.rows.values())
        assert len(begun.events("run")) == 1

    def test_a_run_that_still_writes_stays_itself(self, begun: Store) -> None:
        """What is old of it goes, its tests and itself do not."""
        begun.write_events([call(ts=NOON - HOUR)])

        prune(begun, PruneOrder(NOON + HOUR, kept=frozenset({"run"})))

        assert begun.events("run") == []
        assert begun.has_run("run")
        assert [phase.phase_id for phase in begun.phases("run")] == [PHASE.phase_id]

    def test_a_prune_whose_time_is_up_goes_on_in_the_next(self, begun: Store) -> None:
        """It says so, and nothing is said to be finished."""
        begun.write_events([call(ts=NOON - HOUR)])

        cut_off = prune(begun, PruneOrder(NOON, seconds=0.0))
        assert (cut_off.finished, begun.pruning_finished()) == (False, None)

        assert prune(begun, PruneOrder(NOON)).finished
        assert begun.events("run") == []
        assert begun.pruning_finished() is not None

    @pytest.mark.parametrize("form", ["csv", "ndjson", "parquet"])
    def test_rows_are_exported_before_they_are_deleted(
        self, begun: Store, tmp_path: Path, form: str
    ) -> None:
        """Each once; the file is named by table and ids."""
        if form == "parquet":
            pytest.importorskip("pyarrow", reason="pyarrow is not installed")
        events = [call(ts=NOON - HOUR, cost_nanousd=1, escalated=True) for _ in range(3)]
        begun.write_events(events)
        begun.write_lifecycle([lifecycle_event(ts=NOON - HOUR)])
        folder = tmp_path / "archive"

        report = prune(begun, PruneOrder(NOON + HOUR, archive=Archive(folder, export_format(form))))

        ids = sorted(event.event_id for event in events)
        found = archived(report.files)
        assert [key for table, key in found if table == "telemetry"] == [(each,) for each in ids]
        assert sorted({table for table, _ in found}) == [
            *("lifecycle_events", "phases", "runs", "telemetry"),
        ]
        assert (folder / f"telemetry-{ids[0]}-{ids[-1]}.{form}").is_file()
        assert begun.runs() == []
        assert not list(folder.glob("*.part"))

    def test_two_prunes_at_once_are_one_too_many(self, begun: Store) -> None:
        """The second one says so in a sentence."""
        with (
            begun._connection.pruning(),
            pytest.raises(StoreError, match=r"^another prune of the store .* is running; wait"),
        ):
            prune(begun, PruneOrder(NOON))

    def test_late_ids_are_kept_as_long_as_rows(self, begun: Store) -> None:
        """Then no journal tells of them any more."""
        begun.mark_pruned("telemetry", NOON)
        late = call(ts=NOON - HOUR)
        begun.write_events([late])

        prune(begun, PruneOrder(NOON))
        assert begun.write_events([late]).late == 0

        in_a_year = begun.runs()[0].started + timedelta(days=3650)
        prune(begun, PruneOrder(in_a_year))
        assert begun._connection.execute("SELECT COUNT(*) FROM late_events") == [(0,)]

    def test_the_sums_of_hours_go_and_those_of_days_stay(self, begun: Store) -> None:
        """Those of the last days stay, too."""
        early, late = NOON - 30 * HOUR, NOON - 10 * HOUR
        begun.write_events([call(ts=early), call(ts=late)])

        prune(begun, PruneOrder(NOON))

        hours = begun._connection.execute("SELECT hour FROM rollups_hourly")
        assert hours == [("2026-03-14T02",)]
        days = begun._connection.execute("SELECT day FROM rollups_daily ORDER BY day")
        assert days == [("2026-03-13",), ("2026-03-14",)]

    def test_model_events_go_by_their_age(self, begun: Store, tmp_path: Path) -> None:
        """Their sums stay, and so does a test that has one left."""
        old = [model_event(each, ts=NOON - HOUR) for each in MODEL_EVENT_TYPES]
        begun.write_models([*old, model_event(ts=NOON)])
        since, until = NOON - HOUR, NOON + HOUR
        sums = begun.model_history.thought_sums(since=since, until=until)
        archive = Archive(tmp_path, export_format("csv"))

        report = prune(begun, PruneOrder(NOON, archive=archive))

        assert dict(report.rows) == {"model_events": len(old)}
        assert len(begun.models("run")) == begun.footprint().rows["model_events"] == 1
        assert begun.model_history.thought_sums(since=since, until=until) == sums
        assert [phase.phase_id for phase in begun.phases("run")] == [PHASE.phase_id]
        ids = sorted(str(event.event_id) for event in old)
        assert sorted(key[1] for _, key in archived(report.files)) == ids
        assert report.files[0].path.name.startswith("model_events-")

        late = begun.write_models([model_event(ts=NOON - HOUR)])
        assert (late.written, late.late) == (0, 1)

    def test_model_events_are_exported_in_columns(self, begun: Store) -> None:
        """Their ids are text, and times as everywhere."""
        events = [model_event(each, details={"a": 1}) for each in MODEL_EVENT_TYPES]
        begun.write_models(events)
        table = export_tables()["models"]

        (batch,) = begun.export(table, run_id="run", since=NOON)

        names = [column.name for column in table.columns]
        rows = [dict(zip(names, row, strict=True)) for row in zip(*batch.values, strict=True)]
        found = {row["event_type"]: row for row in rows}
        thought = found["THOUGHT_LATENCY"]
        ids = {event.event_id for event in events}
        assert {row["event_id"] for row in rows} == ids
        assert thought["ts"] == "2026-03-14T12:00:00.000000Z"
        assert (thought["tokens"], thought["decode_ms"]) == (120, 2550.5)
        assert found["LOAD_LATENCY"]["success"] is False
        assert found["VRAM_CHECK"]["total"] == 8192.0
        assert json.loads(thought["details"]) == {"a": 1}

    def test_a_plan_knows_what_model_events_keep(self, begun: Store) -> None:
        """A test goes with the last of them."""
        begun.write_models([model_event(ts=NOON)])

        everything = {"model_events": 1, "phases": 1, "runs": 1}
        for before, expected in ((NOON, {}), (NOON + HOUR, everything)):
            order = PruneOrder(before)
            plan = begun.plan_prune(order)
            assert {name: each.rows for name, each in plan.items() if each.rows} == expected
            assert prune(begun, order).rows == expected

    def test_model_events_of_a_spared_run_stay(self, begun: Store) -> None:
        """As all of it does."""
        begun.write_models([model_event(ts=NOON)])

        prune(begun, PruneOrder(NOON + HOUR, spared=frozenset({"run", "another"})))

        assert len(begun.models("run")) == 1

    def test_snapshots_go_by_their_age(self, begun: Store, tmp_path: Path) -> None:
        """Their key is a run and a moment."""
        row = "INSERT INTO cost_snapshots VALUES ('run', ?, 5, 1, 2, 3)"
        for hours in (1, 2, -1):
            moment = (NOON - hours * HOUR).isoformat(timespec="microseconds")[:-6] + "Z"
            begun._connection.execute(row, (moment,))

        report = prune(begun, PruneOrder(NOON, archive=Archive(tmp_path, export_format("ndjson"))))

        assert dict(report.rows) == {"cost_snapshots": 2}
        assert [key[0] for _, key in archived(report.files)] == ["run", "run"]
