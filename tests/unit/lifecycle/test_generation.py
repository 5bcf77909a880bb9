"""Operations: what is sent of them, and what their calls come to."""

from __future__ import annotations

import asyncio
from threading import Thread
from typing import TYPE_CHECKING, Any

import pytest
from tests.unit.telemetry.samples import Bench, request

from understudy import lifecycle

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator


def sent(bench: Bench) -> list[dict[str, Any]]:
    """Return the lifecycle events so far, as those who look at them see them."""
    events = [each.event(bench.telemetry.prices) for each in bench.test.lifecycle]
    return [event.model_dump(exclude_none=True) for event in events]


def types_of(bench: Bench) -> list[str]:
    """Return what was sent, without the words that all share."""
    return [event["event_type"].removeprefix("llm_") for event in sent(bench)]


def test_an_operation_has_the_time_attempts_and_cost_of_its_calls(bench: Bench) -> None:
    """gpt-4o-mini: 2 calls of 11 tokens in and 4 out, at $0.15 and $0.60 a million."""
    with lifecycle.generation(provider="openai", tool_name="greet", repo="app"):
        bench.call()
        bench.call()
    bench.call()

    started, completed = sent(bench)
    labels = {"provider": "openai", "tool_name": "greet", "repo": "app"}
    assert labels.items() <= started.items()
    assert labels.items() <= completed.items()
    assert started["operation_id"] == completed["operation_id"]
    assert (completed["success"], completed["attempts"]) == (True, 2)
    assert completed["duration_ms"] == 2000
    assert completed["cost_nanousd"] == 2 * (11 * 150 + 4 * 600)


def test_a_journal_names_the_calls_whose_cost_it_is(bench: Bench) -> None:
    """They are priced when the journals are merged."""
    with lifecycle.generation():
        call = bench.call()

    assert bench.lines.read[-1]["cost_of"] == [call["event_id"]]


def test_without_a_call_attempts_and_cost_are_unknown(bench: Bench) -> None:
    """Not zero: the model may be one that no tap sees."""
    with lifecycle.generation():
        pass

    completed = sent(bench)[-1]
    assert "attempts" not in completed
    assert "cost_nanousd" not in completed


def test_a_cost_is_unknown_where_that_of_any_call_is(bench: Bench) -> None:
    """No half sums: here a stream is still open when the operation ends."""
    with lifecycle.generation():
        bench.call()
        bench.recorder.begin("httpx", request())

    assert sent(bench)[-1]["attempts"] == 2
    assert "cost_nanousd" not in sent(bench)[-1]


def test_an_exception_is_a_failure_and_goes_on(bench: Bench) -> None:
    """Its type is the category."""
    with pytest.raises(LookupError), lifecycle.generation():
        raise KeyError

    completed = sent(bench)[-1]
    assert (completed["success"], completed["error_category"]) == (False, "KeyError")


@pytest.mark.parametrize(
    ("why", "category"), [("gave_up", "gave_up"), (KeyError("a text"), "KeyError")]
)
def test_a_failure_needs_no_exception(bench: Bench, why: Any, category: str) -> None:
    """The application may have answered by other means; of an error given, the type counts."""
    with lifecycle.generation() as operation:
        operation.validated(False, error_category=why)
        operation.repair(why)
        operation.fail(why)

    *_, completed = events = sent(bench)
    assert not completed["success"]
    assert [event.get("error_category") for event in events] == [None, *[category] * 3]


def test_repairs_and_validations_are_numbered(bench: Bench) -> None:
    """A validation is that of the attempt which the repair before it made."""
    with lifecycle.generation(provider="a", tool_name="edit") as operation:
        operation.validated(passed=False, error_category="schema")
        operation.repair("schema")
        operation.failover("b", "still wrong")
        operation.validated(passed=True)

    _, failed, repair, failover, passed, completed = sent(bench)
    assert (failed["passed"], failed["attempt_number"]) == (False, 1)
    assert (repair["attempt_number"], repair["error_category"]) == (1, "schema")
    assert repair["cause"] == "content"
    assert (failover["from_provider"], failover["to_provider"]) == ("a", "b")
    assert (passed["passed"], passed["attempt_number"], passed["provider"]) == (True, 2, "b")
    assert completed["provider"] == "b"
    assert len({event["operation_id"] for event in sent(bench)}) == 1


def test_calls_of_an_inner_operation_are_the_outer_ones_too(bench: Bench) -> None:
    """And so are those of a tracker inside."""
    with lifecycle.generation(tool_name="outer"):
        with lifecycle.generation(tool_name="inner"), bench.telemetry.tracker():
            bench.call()
        bench.call()

    inner, outer = (event for event in sent(bench) if "success" in event)
    assert (inner["tool_name"], inner["attempts"]) == ("inner", 1)
    assert (outer["tool_name"], outer["attempts"]) == ("outer", 2)


def test_a_thread_that_is_not_the_operations_own_makes_none_of_its_calls(bench: Bench) -> None:
    """Context is handed on by whoever starts a thread."""
    with lifecycle.generation():
        thread = Thread(target=bench.call)
        thread.start()
        thread.join()

    assert "attempts" not in sent(bench)[-1]


def test_operations_are_decorators_of_functions_coroutines_and_streams(bench: Bench) -> None:
    """Each call is an operation of its own, which lasts as long as the stream."""

    @lifecycle.generation(tool_name="plain")
    def plain() -> str:
        return "plain"

    @lifecycle.generation(tool_name="coroutine")
    async def coroutine() -> str:
        return "coroutine"

    @lifecycle.generation(tool_name="stream")
    def stream() -> Iterator[str]:
        bench.call()
        yield "stream"
        bench.call()

    @lifecycle.generation(tool_name="async_stream")
    async def async_stream() -> AsyncIterator[str]:
        yield "async_stream"

    async def everything() -> list[str]:
        return [plain(), await coroutine(), *stream(), *[each async for each in async_stream()]]

    assert plain.__name__ == "plain"
    assert asyncio.run(everything()) == ["plain", "coroutine", "stream", "async_stream"]
    assert types_of(bench) == ["generation_started", "generation_completed"] * 4
    assert [event.get("attempts") for event in sent(bench)[1::2]] == [None, None, 2, None]


def test_an_operation_works_without_telemetry() -> None:
    """So that application code may keep it."""
    with lifecycle.generation(tool_name="edit") as operation:
        operation.repair("schema")
        assert operation.validated(passed=True)
        assert not operation.validated(passed=False)


def test_wrong_labels_are_refused_and_wrong_words_counted(bench: Bench) -> None:
    """What runs inside an operation is never failed by it."""
    with pytest.raises(ValueError, match="tool_name=''"):
        lifecycle.generation(tool_name="")
    with lifecycle.generation() as operation:
        operation.repair(7)  # type: ignore[arg-type]

    assert types_of(bench) == ["generation_started", "generation_completed"]
    assert sum(bench.faults.counts.values()) == 1


def test_an_async_operation_is_one_too(bench: Bench) -> None:
    """`async with` is the same."""

    async def run() -> None:
        async with lifecycle.generation():
            await asyncio.sleep(0)

    asyncio.run(run())

    assert types_of(bench) == ["generation_started", "generation_completed"]
