"""The model events of a run."""

from __future__ import annotations

from datetime import UTC, datetime
from unittest.mock import Mock

import pytest
from tests.unit.telemetry.samples import Bench, Hearing

from understudy.events import new_id
from understudy.events.model import LoadLatency, VramCheck
from understudy.telemetry import EventLog, FaultLog, JournalWriter, NullWriter, Owner, Ownership
from understudy.telemetry.models import RunModelLog


def test_an_event_says_which_it_is_when_and_whose(bench: Bench) -> None:
    """As those of calls do."""
    assert bench.telemetry.models.emit(LoadLatency(component="m", value=2.0))

    [line] = bench.lines.read
    assert len(line.pop("event_id")) == 32
    assert line == {
        "kind": "model",
        "ts": 100.0,
        "run_id": "run",
        "phase_id": "test_it.py::test_it",
        "worker": "main",
        "rerun": 0,
        "component": "m",
        "source": "told",
        "details": {},
        "event_type": "LOAD_LATENCY",
        "value": 2.0,
        "success": True,
    }


def test_an_event_may_bring_its_id_its_moment_and_its_owner(bench: Bench) -> None:
    """It was read off a call that somebody else made."""
    moment = datetime(2026, 11, 30, tzinfo=UTC)
    own = {"event_id": new_id(), "ts": moment, "call_id": new_id(), "source": "engine"}

    bench.telemetry.models.emit(
        LoadLatency(component="m", value=2.0, **own), Owner("other.py::test", rerun=2)
    )

    [line] = bench.lines.models
    assert datetime.fromisoformat(line["ts"]) == moment
    kept = {name: line[name] for name in ("event_id", "call_id", "source", "phase_id", "rerun")}
    assert kept == {
        "event_id": own["event_id"],
        "call_id": own["call_id"],
        "source": "engine",
        "phase_id": "other.py::test",
        "rerun": 2,
    }


def test_sinks_hear_what_is_stored() -> None:
    """As an event, with its metadata."""
    hearing = Hearing()
    bench = Bench(listeners=(hearing,))

    bench.telemetry.models.emit(VramCheck(component="gpu:1", value=1024, used=1024, total=2048))

    [(owner, event)] = hearing.heard
    assert owner is bench.test
    assert isinstance(event, VramCheck)
    assert event.metadata == {"used": 1024, "total": 2048, "percentage": 50}
    assert event.run_id == "run"


def test_what_is_ignored_is_not_stored(bench: Bench) -> None:
    """Nor is it anybody's fault."""
    ignored = Owner(is_ignored=True)

    assert not bench.telemetry.models.emit(LoadLatency(component="m", value=2.0), ignored)

    assert (bench.lines.lines, bench.faults.lines()) == ([], [])


def test_what_is_no_event_is_a_fault(bench: Bench) -> None:
    """It fails no test."""
    assert not bench.telemetry.models.emit("LOAD_LATENCY")  # type: ignore[arg-type]

    assert bench.faults.lines() == [
        "1 fault while logging a model event: TypeError: 'LOAD_LATENCY' is no model event"
    ]


def test_no_word_of_an_event_holds_a_key(bench: Bench) -> None:
    """Neither the name of a model nor what is said of it."""
    key = "sk-proj-" + "a8Kd93jXm2Qp7Lz0" * 3

    bench.telemetry.models.log("LOAD_LATENCY", key, 1.0, {"from": key, key: 1}, key)

    assert key not in bench.lines.lines[0].decode()
    assert bench.lines.read[0]["details"] == {"from": "[redacted]", "[redacted]": 1}


@pytest.mark.parametrize("lines", [NullWriter(), JournalWriter(Mock(side_effect=OSError("full")))])
def test_what_is_not_on_disk_is_not_stored(lines: NullWriter | JournalWriter) -> None:
    """Telemetry is off, or the disk is full."""
    event_log = EventLog(lines, run_id="run", faults=FaultLog())
    bench = Bench()
    models = RunModelLog(event_log, ownership=Ownership(Owner()), clock=bench.clock)

    assert not models.log_load_latency("m", 1.0)
