"""Events on their way to whatever takes them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tests.unit.telemetry.samples import Bench, Hearing

from understudy import lifecycle
from understudy.telemetry import LifecycleLog, Owner, activated

if TYPE_CHECKING:
    import pytest

    from understudy.telemetry import LifecycleMode


def with_mode(bench: Bench, mode: LifecycleMode) -> None:
    """Give the telemetry a lifecycle of this mode."""
    bench.telemetry.lifecycle = LifecycleLog(
        bench.event_log,
        owner_of=bench.ownership.current,
        attempts=bench.telemetry.attempts,
        clock=bench.clock,
        prices=bench.telemetry.prices,
        mode=mode,
    )


def test_an_event_is_written_with_whose_it_is(bench: Bench) -> None:
    """And kept with its owner; what is False is written as such."""
    assert lifecycle.send(lifecycle.validation_result(passed=False))

    (line,) = bench.lines.read
    assert (line["kind"], line["event_type"]) == ("lifecycle", "llm_validation_result")
    assert (line["run_id"], line["phase_id"], line["passed"]) == (
        "run",
        "test_it.py::test_it",
        False,
    )
    (kept,) = bench.test.lifecycle
    assert kept.event(bench.telemetry.prices).phase_id == "test_it.py::test_it"


def test_the_callbacks_send_events(bench: Bench) -> None:
    """For parts that know no telemetry."""
    lifecycle.on_trip("openai", 5)
    lifecycle.on_failover("openai", "anthropic", "overloaded")

    trip, failover = bench.lines.read
    assert (trip["provider"], trip["failures"]) == ("openai", 5)
    assert (failover["from_provider"], failover["to_provider"]) == ("openai", "anthropic")
    assert failover["reason"] == "overloaded"


def test_nothing_is_sent_where_nothing_runs() -> None:
    """The answer is False, and nobody complains."""
    assert not lifecycle.send(lifecycle.generation_started())
    lifecycle.on_trip("openai", 5)


def test_what_cannot_be_sent_is_counted_and_reaches_nobody(bench: Bench) -> None:
    """Neither from `send` nor from a callback."""
    wrong: Any = "no event"

    assert not lifecycle.send(wrong)
    lifecycle.on_trip("", -1)

    assert bench.lines.read == []
    assert sum(bench.faults.counts.values()) == 2


def test_who_is_ignored_sends_nothing(bench: Bench) -> None:
    """As with calls."""
    bench.ownership.enter(Owner("ignored", is_ignored=True))

    assert not lifecycle.send(lifecycle.generation_started())
    assert bench.lines.read == []


def test_off_takes_nothing(bench: Bench) -> None:
    """No line, no memory, no listener."""
    with_mode(bench, "off")

    assert not lifecycle.send(lifecycle.generation_started())
    assert (bench.lines.read, bench.test.lifecycle) == ([], [])


def test_no_word_of_the_application_carries_a_key(
    bench: Bench, capsys: pytest.CaptureFixture[str]
) -> None:
    """Into the journal, to a sink or onto the terminal."""
    hearing = Hearing()
    bench.event_log = replace(bench.event_log, listeners=(hearing,))
    key = "sk-proj-" + "Ab3dEf6hIj9kLm2nOp5qRs8tUv1wXy4z"
    event = lifecycle.provider_failover(from_provider="a", to_provider="b", reason=f"no {key}")

    for mode in ("on", "debug"):
        with_mode(bench, mode)
        assert lifecycle.send(event)

    (line,), ((_, heard),) = bench.lines.read, hearing.heard
    assert line["reason"] == getattr(heard, "reason", None) == "no [redacted]"
    assert '"reason":"no [redacted]"' in capsys.readouterr().err


def test_debug_prints_and_stores_nothing(bench: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    """One whole line an event, which the test's own code may look at too."""
    with_mode(bench, "debug")

    assert lifecycle.send(lifecycle.circuit_breaker_trip(provider="a\nb", failures=2))

    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith('[understudy lifecycle] {"event_id":')
    assert '"failures":2' in line
    assert bench.lines.read == []
    assert len(bench.test.lifecycle) == 1


def test_listeners_hear_of_events() -> None:
    """As of calls; sinks are such listeners."""
    hearing = Hearing()
    bench = Bench(listeners=(hearing,))
    with activated(bench.telemetry):
        lifecycle.send(lifecycle.generation_started(tool_name="edit"))

    ((owner, event),) = hearing.heard
    assert owner is bench.test
    assert isinstance(event, lifecycle.GenerationStarted)
