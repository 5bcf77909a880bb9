"""The one place that events pass through, and where its lines are kept."""

from __future__ import annotations

from unittest.mock import Mock

from tests.unit.telemetry.samples import Hearing, KeptLines

from understudy.calls import Request
from understudy.events import CallEvent
from understudy.telemetry import EventLog, FaultLog, JournalWriter, NullWriter, Owner, RecordedCall

FIELDS = {"event_type": "llm_call", "event_id": "1", "call_id": "1", "ts": 1.5}


def event_log(*listeners: Hearing) -> tuple[EventLog, KeptLines]:
    """Return an event log and where it writes."""
    lines = KeptLines()
    return EventLog(lines, run_id="run", faults=FaultLog(), listeners=listeners), lines


def test_an_event_is_a_line() -> None:
    """With its kind in front."""
    book, lines = event_log()

    book.append(Owner(), dict(FIELDS))
    book.annotate("1", {"escalated": True})

    assert lines.read == [
        {"kind": "event", **FIELDS},
        {"kind": "annotation", "event_id": "1", "escalated": True},
    ]


def test_a_line_holds_no_infinity() -> None:
    """A store would refuse it, and with it the whole call."""
    book, lines = event_log()

    book.append(Owner(), {**FIELDS, "usage_raw": {"total_tokens": float("inf")}})

    assert lines.read[0]["usage_raw"] == {"total_tokens": None}


def test_an_owner_that_keeps_its_calls_gets_them() -> None:
    """Every owner counts them."""
    book, _ = event_log()
    keeping, counting = Owner("a", keeps_calls=True), Owner("b")
    recorded = RecordedCall(dict(FIELDS))

    book.append_call(keeping, recorded)
    book.append_call(counting, recorded)

    assert (keeping.count, keeping.calls) == (1, [recorded])
    assert (counting.count, counting.calls) == (1, [])


def test_no_answer_carries_on_the_key_of_its_request() -> None:
    """Not as a model or an id; what the test sees of it stays."""
    hearing = Hearing()
    book, lines = event_log(hearing)
    key = "784eee860fbe4a3c9d1f0a2b6c7d8e9f"
    request = Request("POST", "https://h/v1", {"authorization": f"Key {key}"}, b"")
    recorded = RecordedCall({**FIELDS, "response_model": f"m-{key}"}, request=request)

    book.append_call(owner := Owner("a", keeps_calls=True), recorded)

    assert [line["response_model"] for line in lines.read] == ["m-[redacted]"]
    assert [getattr(event, "response_model", None) for _, event in hearing.heard] == [
        "m-[redacted]"
    ]
    assert owner.calls[0].fields["response_model"] == f"m-{key}"


def test_listeners_hear_the_event_and_its_owner() -> None:
    """As an event, not as fields; those who do not want to know hear nothing."""
    hearing, deaf = Hearing(), Hearing(is_wanted=False)
    book, _ = event_log(deaf, hearing)
    owner = Owner("a")

    book.append(owner, dict(FIELDS))

    ((who, event),) = hearing.heard
    assert deaf.heard == []
    assert who is owner
    assert isinstance(event, CallEvent)


def test_a_failing_listener_stops_no_other() -> None:
    """It is a fault; the next one hears all the same."""
    failing, hearing = Hearing(error=ValueError("no")), Hearing()
    book, _ = event_log(failing, hearing)

    book.append(Owner(), dict(FIELDS))

    assert len(hearing.heard) == 1
    assert book.faults.lines() == ["1 fault while calling a hook or sink: ValueError: no"]


def test_fields_that_make_no_event_are_written_all_the_same() -> None:
    """The merge decides; listeners hear nothing."""
    hearing = Hearing()
    book, lines = event_log(hearing)

    book.append(Owner(), {**FIELDS, "colour": "red"})

    assert hearing.heard == []
    assert len(lines.lines) == 1
    assert book.faults.counts == {"calling a hook or sink": 1}


def test_half_a_surrogate_pair_costs_no_line() -> None:
    """File names and answers may hold one; in the line it is a question mark."""
    book, lines = event_log()

    book.write({"kind": "phase", "phase_id": "test_\udcff.py::test_it", "other": {1, 2}})

    (line,) = lines.read
    assert line["phase_id"] == "test_?.py::test_it"
    assert line["other"] == "{1, 2}"


def test_a_journal_takes_the_lines() -> None:
    """Nothing is kept besides."""
    written: list[bytes] = []
    lines = JournalWriter(written.append)

    lines.append(b"1")

    assert written == [b"1"]
    assert (lines.kept, lines.failure) == ([], None)


def test_lines_that_a_journal_does_not_take_are_kept() -> None:
    """With the first reason; when it takes lines again, it gets them."""
    written: list[bytes] = []

    def write(line: bytes) -> None:
        if line != b"3":
            raise OSError(28, f"full {line.decode()}")
        written.append(line)

    lines = JournalWriter(write)

    for line in (b"1", b"2", b"3"):
        lines.append(line)

    assert lines.kept == [b"1", b"2"]
    assert written == [b"3"]
    assert lines.failure == "the journal could not be written ([Errno 28] full 1)"


def test_what_is_no_fault_of_the_disk_is_not_told_as_one() -> None:
    """Where something else raises, its kind says whose fault it is."""
    lines = JournalWriter(Mock(side_effect=RuntimeError("no")))

    lines.append(b"1")

    assert lines.failure == (
        "the journal could not be written, which is no fault of the disk (RuntimeError: no)"
    )


def test_without_a_journal_all_lines_are_kept() -> None:
    """The reason is the one that was given."""
    lines = JournalWriter(None, failure="no journal")

    lines.append(b"1")

    assert (lines.kept, lines.failure) == ([b"1"], "no journal")


def test_lines_of_tests_that_are_only_watched_are_forgotten() -> None:
    """Without telemetry nothing is kept."""
    NullWriter().append(b"1")
