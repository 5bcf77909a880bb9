"""What every `Store` must do with what is old."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.contracts.store_lifecycle import lifecycle_event
from tests.contracts.store_samples import HOUR, NOON, call

if TYPE_CHECKING:
    from understudy.store import Store


class RetentionContract:
    """Part of `StoreContract`, which has the fixture `begun`: a store with a run and a test."""

    def test_a_mark_of_pruning_only_moves_forward(self, store: Store) -> None:
        """What is gone does not come back."""
        store.mark_pruned("telemetry", NOON)
        store.mark_pruned("telemetry", NOON - HOUR)
        store.mark_pruned("lifecycle_events", NOON + HOUR)

        assert store.pruned() == {"telemetry": NOON, "lifecycle_events": NOON + HOUR}

    def test_a_late_call_is_summed_up_and_not_kept(self, begun: Store) -> None:
        """It is counted; what is not older than the mark is written as ever."""
        begun.mark_pruned("telemetry", NOON)
        late, in_time = call(ts=NOON - HOUR), call(ts=NOON)

        report = begun.write_events([late, in_time])

        assert (report.written, report.late, report.refused) == (1, 1, ())
        assert begun.events("run") == [in_time]
        (found,) = begun.statistics_by_model(since=NOON - HOUR)
        assert found.attempts == 2

    def test_a_late_call_that_is_merged_again_counts_once(self, begun: Store) -> None:
        """Its journal was not removed, since its process was killed."""
        begun.mark_pruned("telemetry", NOON)
        late = call(ts=NOON - HOUR)

        reports = [begun.write_events(events) for events in ([late], [late], [late, late])]

        assert [report.late for report in reports] == [1, 0, 0]
        (found,) = begun.statistics_by_model(since=NOON - HOUR, until=NOON)
        assert found.attempts == 1

    def test_what_is_stored_already_is_not_late(self, begun: Store) -> None:
        """It waits to be deleted, and a merge of its journal finds it."""
        old = call(ts=NOON - HOUR)
        begun.write_events([old])
        begun.mark_pruned("telemetry", NOON)

        report = begun.write_events([old])

        assert (report.written, report.late) == (0, 0)

    def test_a_late_lifecycle_event_is_counted_only(self, begun: Store) -> None:
        """No rollup sums it up."""
        begun.mark_pruned("lifecycle_events", NOON)

        report = begun.write_lifecycle([lifecycle_event(ts=NOON - HOUR), lifecycle_event()])

        assert (report.written, report.late) == (1, 1)
        assert len(begun.lifecycle("run")) == 1
