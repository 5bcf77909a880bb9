"""Aggregates over the events of one subject."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from understudy.events import parse_event
from understudy.telemetry import SubjectMemory, SubjectStats
from understudy.telemetry._stats import subject_stats


def call(call_id: str = "1", **fields: Any) -> Any:
    """Return an event of a call."""
    return parse_event(
        {"event_type": "llm_call", "event_id": "e", "ts": 1, "call_id": call_id, **fields}
    )


def other(kind: str, **fields: Any) -> Any:
    """Return an event that is no call."""
    return parse_event({"event_type": kind, "event_id": "e", "ts": 1, **fields})


def test_of_nothing_everything_is_zero_or_unknown() -> None:
    """Counts are 0, sums None, the cost of no call nothing."""
    assert subject_stats([]) == SubjectStats(cost_usd=Decimal(0))


def test_events_are_counted_by_their_type() -> None:
    """An escalated call is an escalation too; attempts of a call are one call."""
    stats = subject_stats(
        [
            call("1", status="error", http_status=500),
            call("1", attempt=2, cost_nanousd=1),
            call("2", escalated=True, cost_nanousd=1),
            other("undo"),
            other("undo"),
            other("direct_edit"),
            other("escalation", escalation_reason="why"),
        ]
    )

    assert (stats.calls, stats.errors) == (2, 1)
    assert (stats.undos, stats.direct_edits, stats.escalations) == (2, 1, 2)


def test_sums_and_means_are_over_what_is_known() -> None:
    """A call that does not say counts for nothing."""
    stats = subject_stats(
        [
            call(
                "1", input_tokens=1, output_tokens=2, ttfc_ms=10, duration_ms=20, cost_nanousd=1000
            ),
            call("2", input_tokens=3, ttfc_ms=30, lines_emitted=5, cost_nanousd=2000),
        ]
    )

    assert (stats.input_tokens, stats.output_tokens, stats.lines_emitted) == (4, 2, 5)
    assert (stats.mean_ttfc_ms, stats.mean_duration_ms) == (20, 20)
    assert stats.cost_usd == Decimal("0.000003")
    assert stats.lines_accepted is None


def test_one_call_without_a_price_makes_the_cost_unknown() -> None:
    """Unknown is not zero."""
    assert subject_stats([call("1", cost_nanousd=1), call("2")]).cost_usd is None


def test_of_too_many_events_the_oldest_subjects_are_gone() -> None:
    """The memory of a program that runs for long has a bound."""
    memory = SubjectMemory(most=3)
    for subject in "abbc":
        memory.remember({"subject_id": subject})
    memory.remember({"subject_id": None})

    assert [len(memory.of(subject)) for subject in "abc"] == [0, 2, 1]
