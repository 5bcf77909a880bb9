"""`--llm-sink`: events on their way to other places, and what was lost."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

import pytest
from tests.support.collector import Collector
from tests.support.suite import alone_or_two, lines_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.suite import Suite

#: Four calls, of which each tells of its model, and four lifecycle events.
CALLING = """
    import pytest
    from ask import ask
    from understudy import lifecycle

    @pytest.mark.parametrize("number", range(2))
    def test_calls(number):
        with lifecycle.generation(tool_name="edit"):
            ask()
            ask()
"""
EXPECTED = sorted(
    ["llm_call", "THOUGHT_LATENCY"] * 4 + ["llm_generation_started", "llm_generation_completed"] * 2
)


@pytest.fixture
def collector() -> Iterator[Collector]:
    """An address on loopback."""
    with Collector() as collector:
        yield collector


def types_of(events: list[dict[str, Any]]) -> list[str]:
    """Return the types, sorted."""
    return sorted(event["event_type"] for event in events)


@alone_or_two
def test_an_address_and_a_file_get_every_event_with_its_cost(
    suite: Suite, collector: Collector, workers: tuple[str, ...]
) -> None:
    """From each process, and the address in documents, with what belongs into a header."""
    suite.write(CALLING)
    address = collector.url.replace("//", "//me:secret@")

    result = suite.run(*workers, f"--llm-sink=http:{address}/in", "--llm-sink=jsonl:out/e.jsonl")

    result.assert_outcomes(passed=2)
    posted = [event for document in collector.documents for event in document["events"]]
    written = [json.loads(line) for line in (suite.path / "out/e.jsonl").read_text().splitlines()]
    assert types_of(posted) == types_of(written) == EXPECTED
    by_id = {event["event_id"]: event for event in written}
    assert all(by_id[event["event_id"]] == event for event in posted)
    assert {event["cost_usd"] for event in posted if "cost_usd" in event} == {0.000004}
    assert {event["cost"] for event in posted if "cost" in event} == {0.0000081}
    (path, headers, _), *_ = collector.received
    assert path == "/in"
    assert headers["Authorization"] == "Basic bWU6c2VjcmV0"
    assert "secret" not in result.stdout.str()


def test_what_a_sink_sends_is_nobodys_call(suite: Suite, collector: Collector) -> None:
    """No mock answers it, though the address is one that is mocked, and it is no event."""
    suite.write(CALLING)
    suite.pytester.makeini(f"[pytest]\nllm_mock_hosts = {collector.url.removeprefix('http://')}")

    result = suite.run(
        "--llm-mock",
        "--llm-block-network",
        f"--llm-sink=http:{collector.url}/v1/chat/completions",
        telemetry=False,
    )

    result.assert_outcomes(passed=2)
    posted = [event for document in collector.documents for event in document["events"]]
    assert types_of(posted) == EXPECTED
    assert len(suite.stored().events) == 4


@alone_or_two
def test_what_an_address_does_not_take_is_said_once(suite: Suite, workers: tuple[str, ...]) -> None:
    """A run is as green as it was; nothing of it is lost in the store."""
    with Collector() as gone:
        address = gone.url
    suite.write(CALLING)

    result = suite.run(*workers, f"--llm-sink=http:{address}/in?token=1")

    assert result.ret == 0
    (said,) = [line for line in lines_of(result) if "not sent" in line]
    assert said.startswith(f"understudy: 12 of 12 events were not sent to http:{address}/in: ")
    assert "refused" in said
    assert len(suite.stored().events) == 4


def test_a_slow_address_costs_two_seconds_at_the_end_and_no_call_anything(
    suite: Suite, collector: Collector
) -> None:
    """Timing is the feature."""
    collector.gate.clear()
    suite.write(CALLING)

    began = time.monotonic()
    result = suite.run(f"--llm-sink=http:{collector.url}")
    took = time.monotonic() - began

    assert result.ret == 0
    assert any("12 of 12 events were not sent" in line for line in lines_of(result))
    assert took < 10


def test_a_process_that_ends_at_once_takes_its_events_along(
    suite: Suite, collector: Collector
) -> None:
    """All are accounted for: the journal knows what was emitted."""
    collector.gate.clear()
    suite.write(
        CALLING
        + """
    def test_ends():
        import os
        ask()
        os._exit(1)
    """
    )

    result = suite.run("-n1", "--max-worker-restart=0", f"--llm-sink=http:{collector.url}")

    (said,) = [line for line in lines_of(result) if "not sent" in line]
    assert "14 of 14 events were not sent" in said
    assert said.endswith("a process ended without a last word")


def test_a_sink_of_a_plugins_own_is_chosen_by_its_name(suite: Suite) -> None:
    """It gets the text behind the colon; one with a method `close` is closed."""
    suite.write(
        CALLING,
        conftest="""
        import understudy

        class Sink:
            def __init__(self, path):
                self.file = open(path, "w")

            def emit(self, event):
                print(event.event_type, file=self.file)

            def close(self, timeout):
                print("closed", timeout, file=self.file)
                self.file.close()

        @understudy.hookimpl
        def register_sinks(register):
            register("own", Sink)
    """,
    )

    suite.run("--llm-sink=own:own.txt").assert_outcomes(passed=2)

    *types, closed = (suite.path / "own.txt").read_text().splitlines()
    assert sorted(types) == EXPECTED
    assert closed == "closed 2.0"


def test_a_sink_that_nobody_knows_is_a_usage_error(suite: Suite) -> None:
    """With the nearest name."""
    suite.write(CALLING)

    result = suite.run("--llm-sink=jsonll:x")

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines("ERROR: unknown sink 'jsonll' in --llm-sink. Did you mean 'jsonl'*")
