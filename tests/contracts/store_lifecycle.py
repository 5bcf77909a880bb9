"""What every `Store` must do with lifecycle events."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from tests.contracts.store_samples import HOUR, NOON, PHASE

from understudy.events import new_id
from understudy.events.lifecycle import LIFECYCLE_TYPES, parse_lifecycle_event

if TYPE_CHECKING:
    from understudy.events.lifecycle import AnyLifecycleEvent
    from understudy.store import Store

#: What each event has besides the common base.
FIELDS: dict[str, dict[str, Any]] = {
    "llm_generation_started": {"provider": "a", "tool_name": "edit'; --", "repo": "app"},
    "llm_generation_completed": {
        "success": False,
        "cost_nanousd": 2**40,
        "duration_ms": 12.5,
        "attempts": 3,
        "error_category": "timeout",
    },
    "llm_repair_attempt": {"attempt_number": 2, "cause": "content", "inferred": True},
    "llm_validation_result": {"passed": False, "attempt_number": 1, "error_category": "schema"},
    "llm_provider_failover": {"from_provider": "a", "to_provider": "b", "reason": "overloaded"},
    "llm_circuit_breaker_trip": {"provider": "a", "failures": 5},
}


def lifecycle_event(event_type: str = "llm_generation_started", **fields: Any) -> AnyLifecycleEvent:
    """Make an event in the test of PHASE."""
    known = {
        "event_id": new_id(),
        "event_type": event_type,
        "ts": NOON,
        "run_id": "run",
        "phase_id": PHASE.phase_id,
        "operation_id": "operation",
        "call_id": "call",
        **FIELDS[event_type],
    }
    return parse_lifecycle_event(known | fields)


class LifecycleContract:
    """Part of `StoreContract`, which has the fixture `begun`: a store with a run and a test."""

    @pytest.mark.parametrize("event_type", LIFECYCLE_TYPES)
    def test_a_lifecycle_event_comes_back_as_it_was_written(
        self, begun: Store, event_type: str
    ) -> None:
        """Every field is stored: False as False, what it has not as nothing."""
        written = lifecycle_event(event_type)

        report = begun.write_lifecycle([written, written])

        assert (report.written, report.refused) == (1, ())
        assert begun.lifecycle("run") == [written]

    def test_lifecycle_events_come_in_the_order_of_their_time(self, begun: Store) -> None:
        """Whatever the order in which they were merged."""
        late, early = lifecycle_event(ts=NOON + HOUR), lifecycle_event()

        begun.write_lifecycle([late, early])

        assert begun.lifecycle("run") == [early, late]

    @pytest.mark.parametrize(
        "fields",
        [
            {"event_type": "llm_mood"},
            {"ts": None},
            {"duration_ms": -1.0},
            {"cost_nanousd": -1},
            {"attempts": -1},
            {"phase_id": "test_a.py::nobody_knows_it"},
            {"run_id": "nobody knows it"},
        ],
        ids=lambda fields: "-".join(map(str, fields)),
    )
    def test_a_lifecycle_event_that_breaks_a_constraint_is_refused_with_a_reason(
        self, begun: Store, fields: dict[str, Any]
    ) -> None:
        """The others are written; nothing is lost in silence."""
        good = lifecycle_event("llm_generation_completed")
        bad = lifecycle_event("llm_generation_completed").model_copy(update=fields)

        report = begun.write_lifecycle([bad, good])

        assert report.written == 1
        (refusal,) = report.refused
        assert refusal.record is bad
        assert begun.lifecycle("run") == [good]

    def test_a_deleted_run_takes_its_lifecycle_events_along(self, begun: Store) -> None:
        """Those of no test, too."""
        begun.write_lifecycle([lifecycle_event(), lifecycle_event(phase_id=None)])

        begun.delete_run("run")

        assert begun.footprint().rows["lifecycle_events"] == 0
