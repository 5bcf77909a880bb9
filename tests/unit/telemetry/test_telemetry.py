"""What fixtures and application code talk to."""

from __future__ import annotations

import pytest
from tests.unit.telemetry.samples import Bench

from understudy.telemetry import activated, active_telemetry, get_stats, record_event


def test_an_event_stands_with_its_owner(bench: Bench) -> None:
    """Run, test and stage are those of the code that records it."""
    event_id = bench.telemetry.record_event("undo", subject_id="s")

    (line,) = bench.lines.read
    assert line["event_id"] == event_id
    assert (line["run_id"], line["phase_id"], line["stage"]) == (
        "run",
        "test_it.py::test_it",
        "call",
    )


def test_a_recorded_call_belongs_to_its_test(bench: Bench) -> None:
    """It gets an id of its own, and is among the calls of the test."""
    bench.telemetry.record_event("llm_call", request_model="local")

    (call,) = bench.test.calls
    assert call.event.request_model == "local"
    assert call.event.call_id
    assert call.read() is None


@pytest.mark.parametrize(
    "fields",
    [{"colour": "red"}, {"error": 7}, {"lines_emitted": -1}, {"event_id": ""}],
)
def test_what_is_no_event_is_a_fault(bench: Bench, fields: dict[str, object]) -> None:
    """Nothing is written, and nothing raised."""
    assert bench.telemetry.record_event("llm_call", **fields) is None

    assert bench.lines.read == []
    assert bench.faults.counts == {"recording an event of type 'llm_call'": 1}


def test_errors_are_redacted_and_cut(bench: Bench) -> None:
    """Whoever records them."""
    bench.telemetry.record_event("undo", error=f"Bearer abcdefghijkl {'x' * 999}")

    (line,) = bench.lines.read
    assert line["error"].startswith("Bearer [redacted] xxx")
    assert len(line["error"]) == 500


def test_an_ignored_owner_records_nothing(bench: Bench) -> None:
    """The id comes back all the same: the code cannot tell."""
    bench.test.is_ignored = True

    assert bench.telemetry.record_event("undo", subject_id="s")

    assert bench.lines.read == []
    assert bench.telemetry.get_stats("s").undos == 0


def test_stats_price_the_calls(bench: Bench) -> None:
    """Of the subject alone."""
    with bench.telemetry.tracker(subject_id="s"):
        bench.call()
    bench.call()

    stats = bench.telemetry.get_stats("s")

    assert (stats.calls, str(stats.cost_usd)) == (1, "0.000004")


def test_the_process_knows_the_telemetry_that_runs_innermost() -> None:
    """A run inside a run has its own."""
    outer, inner = Bench().telemetry, Bench().telemetry

    with activated(outer):
        with activated(inner):
            inside = active_telemetry()
        outside = active_telemetry()

    assert inside is inner
    assert outside is outer


def test_functions_of_the_package_talk_to_it(bench: Bench) -> None:
    """And do nothing where none runs."""
    with activated(bench.telemetry):
        event_id = record_event("undo", subject_id="s")
        stats = get_stats("s")

    assert event_id == bench.lines.read[0]["event_id"]
    assert stats.undos == 1
    assert record_event("undo") is None
    assert get_stats("s").undos == 0
