"""What every `Store` must do with model events."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from tests.contracts.store_samples import HOUR, NOON, PHASE

from understudy.events import new_id
from understudy.events.model import MODEL_EVENT_TYPES, parse_model_event
from understudy.store import Run
from understudy.store._rows import timestamp

if TYPE_CHECKING:
    from understudy.events.model import AnyModelEvent
    from understudy.store import Store

#: What each event has besides the common base.
FIELDS: dict[str, dict[str, Any]] = {
    "LOAD_LATENCY": {"value": 6.31, "success": False, "source": "engine", "status": "slow'; --"},
    "THOUGHT_LATENCY": {
        "value": 23.0625,
        "tokens_generated": 120,
        "prompt_tokens": 0,
        "decode_ms": 2550.5,
        "prompt_ms": 0.0,
        "load_ms": 6310.0,
        "queue_ms": 0.25,
        "source": "stream",
    },
    "VRAM_CHECK": {"component": "gpu:GPU-1", "value": 6144.0, "used": 2048.0, "total": 8192.0},
    "VRAM_LOCKOUT": {
        "component": "gpu:GPU-1",
        "status": "released",
        "trigger_threshold": 4000.0,
        "free_vram": 1200.5,
    },
}


def model_event(event_type: str = "THOUGHT_LATENCY", **fields: Any) -> AnyModelEvent:
    """Make an event in the test of PHASE."""
    known = {
        "event_id": new_id(),
        "event_type": event_type,
        "ts": NOON,
        "run_id": "run",
        "phase_id": PHASE.phase_id,
        "component": "gemma2:27b",
        **FIELDS[event_type],
    }
    return parse_model_event(known | fields)


class ModelsContract:
    """Part of `StoreContract`, which has the fixture `begun`: a store with a run and a test."""

    @pytest.mark.parametrize("event_type", MODEL_EVENT_TYPES)
    @pytest.mark.parametrize(
        "more",
        [
            {"details": {"text": "ü'; --", "whole": 1, "part": 0.5, "on": True, "none": None}},
            {"phase_id": None, "call_id": new_id(), "ts": NOON + timedelta(microseconds=1)},
        ],
        ids=["in a test", "outside"],
    )
    def test_a_model_event_comes_back_as_it_was_written(
        self, begun: Store, event_type: str, more: dict[str, Any]
    ) -> None:
        """Every field is stored, to the microsecond: what it has not as nothing."""
        written = model_event(event_type, **more)

        report = begun.write_models([written, written])

        assert (report.written, report.refused) == (1, ())
        assert begun.models("run") == [written]

    @pytest.mark.parametrize("event_type", MODEL_EVENT_TYPES)
    @pytest.mark.parametrize("seconds", [0.25, -1e9 - 0.25], ids=["now", "long ago"])
    def test_sql_finds_it_under_the_documented_names(
        self, begun: Store, event_type: str, seconds: float
    ) -> None:
        """The view makes the metadata that an event has."""
        written = model_event(
            event_type,
            ts=NOON + timedelta(seconds=seconds),
            call_id=new_id(),
            details={"text": "ü'; --", "part": 0.5, "on": True},
        )
        begun.write_models([written])

        (found,) = begun._connection.execute(
            "SELECT event_id, ts, run_id, phase_id, worker, rerun, component, event_type, source, "
            "value, status, call_id, metadata FROM model_events"
        )

        *known, value, status, call_id, metadata = found
        assert known == [
            written.event_id,
            known[1],
            *("run", PHASE.phase_id, "main", 0),
            *(written.component, event_type, written.source),
        ]
        assert timestamp(known[1]) == written.ts
        assert (value, status, call_id) == (written.value, written.status, written.call_id)
        read = json.loads(metadata) if isinstance(metadata, str) else metadata
        assert read == written.metadata

    def test_a_thought_of_unknown_tokens_has_none(self, begun: Store) -> None:
        """Unknown is not zero."""
        written = model_event(tokens_generated=None, prompt_tokens=None, decode_ms=None)

        begun.write_models([written])

        assert begun.models("run") == [written]

    def test_model_events_come_in_the_order_of_their_time(self, begun: Store) -> None:
        """Whatever the order in which they were merged, and whatever their ids say."""
        late, early = model_event(event_id="0" * 32, ts=NOON + HOUR), model_event()

        begun.write_models([late, early])

        assert begun.models("run") == [early, late]

    def test_a_model_event_is_known_again(self, begun: Store) -> None:
        """A merge that is done again writes what is new."""
        events = [model_event(ts=NOON + number * HOUR) for number in range(3)]
        begun.write_models(events[:2])

        report = begun.write_models(events)

        assert report.written == 1
        assert begun.models("run") == events
        assert begun.footprint().rows["model_events"] == len(events)

    @pytest.mark.parametrize(
        "fields",
        [
            {"event_type": "MOOD"},
            {"source": "guessed"},
            {"ts": None},
            {"event_id": None},
            {"event_id": "no hexadecimal digits"},
            {"value": -1.0},
            {"tokens_generated": 0},
            {"decode_ms": -1.0},
            {"component": None},
            {"phase_id": "test_a.py::nobody_knows_it"},
            {"run_id": "nobody knows it"},
            {"worker": "gw7"},
        ],
        ids=lambda fields: "-".join(map(str, fields)),
    )
    def test_a_model_event_that_breaks_a_constraint_is_refused_with_a_reason(
        self, begun: Store, fields: dict[str, Any]
    ) -> None:
        """The others are written; nothing is lost in silence."""
        good = model_event()
        bad = model_event().model_copy(update=fields)

        report = begun.write_models([bad, good])

        assert report.written == 1
        (refusal,) = report.refused
        assert refusal.record is bad
        assert refusal.reason
        assert begun.models("run") == [good]

    def test_a_deleted_run_takes_its_model_events_along(self, begun: Store) -> None:
        """Those of no test, too, and none of others."""
        begun.write_run(Run(run_id="other", started=NOON))
        other = model_event(run_id="other", phase_id=None)
        begun.write_models([model_event(), model_event(phase_id=None), other])

        begun.delete_run("run")

        assert begun.models("other") == [other]
        assert begun.footprint().rows["model_events"] == 1
