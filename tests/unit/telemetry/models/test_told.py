"""What an application tells of models, as events."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.telemetry.samples import Bench

from understudy.events.model import parse_model_event

METADATA: dict[str, tuple[Any, ...]] = {
    "LOAD_LATENCY": ("model", "load_time_ms"),
    "THOUGHT_LATENCY": (
        "model",
        "inference_time_ms",
        "tokens_generated",
        "prompt_tokens",
        "total_tokens",
        "latency_per_token_ms",
    ),
    "VRAM_CHECK": ("used", "total", "percentage"),
    "VRAM_LOCKOUT": ("trigger_threshold", "free_vram"),
}


def written(bench: Bench) -> dict[str, Any]:
    """Return the line that was written last, without what says whose it is."""
    aside = {"kind", "event_id", "ts", "run_id", "phase_id", "worker", "rerun", "source"}
    return {name: each for name, each in bench.lines.read[-1].items() if name not in aside}


def test_a_load_is_seconds(bench: Bench) -> None:
    """With success, unless told."""
    assert bench.telemetry.models.log_load_latency("gemma2:27b", 6.31)

    assert written(bench) == {
        "component": "gemma2:27b",
        "details": {},
        "event_type": "LOAD_LATENCY",
        "value": 6.31,
        "success": True,
    }


def test_a_failed_load_says_so(bench: Bench) -> None:
    """It stores the seconds until it failed."""
    assert bench.telemetry.models.log_load_latency("gemma2:27b", 2, False)

    assert (written(bench)["value"], written(bench)["success"]) == (2.0, False)


def test_a_thought_is_milliseconds_per_token(bench: Bench) -> None:
    """Of those that were generated."""
    assert bench.telemetry.models.log_thought_latency("gemma2:27b", 2.76, 120, 41)

    assert written(bench) == {
        "component": "gemma2:27b",
        "details": {},
        "event_type": "THOUGHT_LATENCY",
        "value": pytest.approx(23.0),
        "tokens_generated": 120,
        "prompt_tokens": 41,
    }


@pytest.mark.parametrize("tell", ["log_thought_latency", "log"])
def test_no_token_is_no_thought(bench: Bench, tell: str) -> None:
    """Nothing is stored, and nobody is to blame."""
    models = bench.telemetry.models

    stored = (
        models.log_thought_latency("m", 2.0, 0)
        if tell == "log_thought_latency"
        else models.log("THOUGHT_LATENCY", "m", 20.0, {"tokens_generated": 0})
    )

    assert (stored, bench.lines.lines, bench.faults.lines()) == (False, [], [])


def test_metadata_under_the_names_that_are_documented_is_no_detail(bench: Bench) -> None:
    """An event makes it itself, or has a field for it; what is the application's own stays."""
    told = {
        "model": "m",
        "inference_time_ms": 400.0,
        "tokens_generated": 20,
        "prompt_tokens": 5,
        "total_tokens": 25,
        "latency_per_token_ms": 20.0,
        "quantisation": "q4",
    }

    assert bench.telemetry.models.log("THOUGHT_LATENCY", "m", 20.0, told)

    assert written(bench) == {
        "component": "m",
        "details": {"quantisation": "q4"},
        "event_type": "THOUGHT_LATENCY",
        "value": 20.0,
        "tokens_generated": 20,
        "prompt_tokens": 5,
    }


def test_metadata_that_says_otherwise_is_kept(bench: Bench) -> None:
    """It is the application's word."""
    assert bench.telemetry.models.log("LOAD_LATENCY", "m", 2.0, {"load_time_ms": 1500.0})

    assert written(bench)["details"] == {"load_time_ms": 1500.0}


@pytest.mark.parametrize("told", [{"metadata": {"success": False}}, {"status": "failed"}])
def test_a_load_of_any_kind_may_have_failed(bench: Bench, told: dict[str, Any]) -> None:
    """By its metadata or its status."""
    assert bench.telemetry.models.log("LOAD_LATENCY", "m", 2.0, **told)

    assert written(bench)["success"] is False


@pytest.mark.parametrize("told", [{"metadata": {"success": False}}, {"status": "error"}])
def test_an_answer_that_failed_enters_no_mean(bench: Bench, told: dict[str, Any]) -> None:
    """What it says of its tokens is kept as a word of the application's."""
    metadata = {"tokens_generated": 5, **told.get("metadata", {})}

    assert bench.telemetry.models.log("THOUGHT_LATENCY", "m", 2.0, metadata, told.get("status"))

    event = written(bench)
    assert "tokens_generated" not in event
    assert event["details"] == metadata


def test_a_lockout_needs_nothing_else(bench: Bench) -> None:
    """Its value is 0."""
    told = {"trigger_threshold": 4096, "free_vram": 1000.5}

    assert bench.telemetry.models.log("VRAM_LOCKOUT", metadata=told)

    assert written(bench) == {
        "component": "gpu",
        "details": {},
        "event_type": "VRAM_LOCKOUT",
        "status": "locked",
        "value": 0.0,
        **told,
    }


@pytest.mark.parametrize(
    ("told", "word"),
    [
        (("LOAD_LATENCIES",), "unknown model event 'LOAD_LATENCIES'. Did you mean 'LOAD_LATENCY'?"),
        (("LOAD_LATENCY", "m"), "LOAD_LATENCY: value is None"),
        (("LOAD_LATENCY", None, 1.0), "LOAD_LATENCY: component is None"),
        (("LOAD_LATENCY", "", 1.0), "component is ''"),
        (("LOAD_LATENCY", "m", -1.0), "value is -1.0"),
        (("LOAD_LATENCY", "m", float("nan")), "value is nan"),
        (("LOAD_LATENCY", "m", "1.5"), "value is '1.5'"),
        (("LOAD_LATENCY", "m", True), "value is True"),
        (("VRAM_LOCKOUT", None, 3.0), "VRAM_LOCKOUT: value is 3.0"),
        (("VRAM_LOCKOUT", None, None, None, "open"), "status is 'open'"),
        (("VRAM_CHECK", "gpu:1", 5.0, {"used": -1}), "used is -1"),
        (("THOUGHT_LATENCY", "m", 5.0, {"tokens_generated": -3}), "tokens_generated is -3"),
        (("LOAD_LATENCY", "m", 1.0, {"text": "x" * 2048}), "at most 2048 are kept"),
        (("LOAD_LATENCY", "m", 1.0, {"list": [1]}), "metadata.list is [1]"),
        (("LOAD_LATENCY", "m", 1.0, None, ["ok"]), "status is ['ok']"),
        (("LOAD_LATENCY", "m", 1.0, [1]), "metadata is [1], where a mapping is due"),
        (("LOAD_LATENCY", "a\nb", 1.0), r"component is 'a\nb', which holds a control character"),
        (("LOAD_LATENCY", "m", 1.0, {"a": "\0"}), "metadata and status hold no NUL characters"),
    ],
)
def test_what_cannot_be_kept_is_counted_in_a_run(
    bench: Bench, told: tuple[Any, ...], word: str
) -> None:
    """It is False, said once, and fails no test."""
    assert not bench.telemetry.models.log(*told)

    [line] = bench.faults.lines()
    assert line.startswith("1 fault while logging a model event: ModelEventError: ")
    assert word in line
    assert bench.lines.lines == []


@pytest.mark.parametrize(
    "told", [(2.0, -1), (2.0, 1.5), (2.0, None), (-1.0, 3), (float("inf"), 3), (1e306, 1)]
)
def test_a_thought_of_odd_numbers_is_counted(bench: Bench, told: tuple[Any, Any]) -> None:
    """As all that cannot be kept."""
    assert not bench.telemetry.models.log_thought_latency("m", *told)

    assert len(bench.faults.lines()) == 1


@pytest.mark.parametrize("event_type", METADATA)
@given(
    value=st.floats(0, 1e6),
    tokens=st.integers(1, 10**6),
    more=st.dictionaries(st.text(), st.text()),
)
def test_what_was_told_is_what_is_read(
    event_type: str, value: float, tokens: int, more: dict[str, str]
) -> None:
    """The documented names of its type are there, and each other word as it was told."""
    bench = Bench()
    value = 0.0 if event_type == "VRAM_LOCKOUT" else value
    told = {**more, **({"tokens_generated": tokens} if event_type == "THOUGHT_LATENCY" else {})}
    if not bench.telemetry.models.log(event_type, "m", value, told):
        assert bench.faults.lines()
        return

    line = bench.lines.read[0]
    del line["kind"]
    event = parse_model_event(line)
    assert event.value == pytest.approx(value)
    assert set(METADATA[event_type]) <= set(event.metadata)
