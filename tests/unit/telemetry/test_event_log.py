"""The one place that events pass through."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.unit.telemetry.samples import KeptLines

from understudy.events import CallEvent
from understudy.telemetry import EventLog, FaultLog, Owner, RecordedCall

if TYPE_CHECKING:
    from understudy.events import TelemetryEvent

FIELDS = {"event_type": "llm_call", "event_id": "1", "call_id": "1", "ts": 1.5}


def event_log() -> tuple[EventLog, KeptLines]:
    """Return a event_log and where it writes."""
    lines = KeptLines()
    return EventLog(lines, run_id="run", faults=FaultLog()), lines


def test_an_event_is_a_line() -> None:
    """With its kind in front."""
    book, lines = event_log()

    book.append(Owner(), dict(FIELDS))
    book.annotate("1", {"escalated": True})

    assert lines.read == [
        {"kind": "event", **FIELDS},
        {"kind": "annotation", "event_id": "1", "escalated": True},
    ]


def test_an_owner_that_keeps_its_calls_gets_them() -> None:
    """Every owner counts them."""
    book, _ = event_log()
    keeping, counting = Owner("a", keeps_calls=True), Owner("b")
    recorded = RecordedCall(dict(FIELDS))

    book.append_call(keeping, recorded)
    book.append_call(counting, recorded)

    assert (keeping.count, keeping.calls) == (1, [recorded])
    assert (counting.count, counting.calls) == (1, [])


def test_listeners_hear_the_event_and_its_owner() -> None:
    """As an event, not as fields."""
    book, _ = event_log()
    heard: list[tuple[Owner, TelemetryEvent]] = []
    book.listeners.append(lambda owner, event: heard.append((owner, event)))
    owner = Owner("a")

    book.append(owner, dict(FIELDS))

    ((who, event),) = heard
    assert who is owner
    assert isinstance(event, CallEvent)


def test_a_failing_listener_stops_no_other() -> None:
    """It is a fault; the next one hears all the same."""
    book, _ = event_log()
    heard: list[TelemetryEvent] = []

    def fail(owner: Owner, event: TelemetryEvent) -> None:
        msg = "no"
        raise ValueError(msg)

    book.listeners += [fail, lambda _, event: heard.append(event)]

    book.append(Owner(), dict(FIELDS))

    assert len(heard) == 1
    assert book.faults.lines() == ["1 fault while calling a hook or sink: ValueError: no"]


def test_fields_that_make_no_event_are_written_all_the_same() -> None:
    """The merge decides; listeners hear nothing."""
    book, lines = event_log()
    heard: list[TelemetryEvent] = []
    book.listeners.append(lambda _, event: heard.append(event))

    book.append(Owner(), {**FIELDS, "colour": "red"})

    assert heard == []
    assert len(lines.lines) == 1
    assert book.faults.counts == {"building an event for a hook or sink": 1}


def test_half_a_surrogate_pair_costs_no_line() -> None:
    """File names and answers may hold one; in the line it is a question mark."""
    book, lines = event_log()

    book.write({"kind": "phase", "phase_id": "test_\udcff.py::test_it", "other": {1, 2}})

    (line,) = lines.read
    assert line["phase_id"] == "test_?.py::test_it"
    assert line["other"] == "{1, 2}"
