"""The calls of one test, to assert on."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from tests.unit.telemetry.samples import CHAT, Bench

from understudy.calls import Request
from understudy.telemetry import CallLog

if TYPE_CHECKING:
    from typing import Any


@pytest.fixture
def bench() -> Bench:
    """Telemetry of a run in which one test runs."""
    return Bench()


def log(bench: Bench) -> CallLog:
    """Return the calls of the test that runs."""
    return CallLog(bench.test, bench.telemetry.prices)


def test_it_is_a_sequence_of_logical_calls(bench: Bench) -> None:
    """Attempts of one call are one element."""
    bench.call(status=500)
    bench.call()
    bench.call()
    calls = log(bench)

    assert (calls.count, len(calls), len(list(calls))) == (2, 2, 2)
    assert [len(call.attempts) for call in calls] == [2, 1]
    assert calls.last == calls[-1] == calls[1]
    assert calls[:1] == [calls[0]]


def test_it_grows_while_the_test_runs(bench: Bench) -> None:
    """It is asked for before the calls are made."""
    calls = log(bench)

    bench.call()

    assert calls.count == 1


def test_costs_are_exact_until_they_are_shown(bench: Bench) -> None:
    """Twenty calls of $0.00000405 are $0.000081, not twenty times $0.000004."""
    for number in range(20):
        bench.call(n=number)

    assert log(bench)[0].cost_usd == Decimal("0.000004")
    assert log(bench).total_cost_usd == Decimal("0.000081")


@pytest.mark.parametrize(
    ("asked", "messages"),
    [
        ({"messages": [1]}, [1]),
        ({"messages": "hello"}, ["hello"]),
        ({}, []),
    ],
)
def test_what_was_sent_is_a_list(bench: Bench, asked: dict[str, Any], messages: list[Any]) -> None:
    """Whatever form it had."""
    bench.call(**asked)

    assert log(bench).last.messages == messages
    assert log(bench).last.tools == []


@pytest.mark.parametrize("body", [b"", b"no JSON", b"[1]", b"7"])
def test_a_body_that_is_no_object_holds_no_messages(bench: Bench, body: bytes) -> None:
    """It was a call all the same, by its address."""
    attempt = bench.recorder.begin("httpx", Request("POST", CHAT, {}, body))
    assert attempt is not None
    attempt.close()

    assert log(bench).last.messages == []


def test_an_annotation_shows_at_once(bench: Bench) -> None:
    """The event is built when it is asked for."""
    with bench.telemetry.tracker() as tracker:
        bench.call()
        tracker.set_reducer_stats(1, 1, 0)

    assert log(bench).last.event.lines_emitted == 1


def test_a_call_of_no_known_model(bench: Bench) -> None:
    """It is listed as unknown."""
    bench.telemetry.record_event("llm_call")

    assert list(log(bench).by_model()) == ["unknown"]
    assert log(bench).last.tool_calls == ()
