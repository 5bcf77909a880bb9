"""The fixture `llm_telemetry`, and trackers in application code."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.support.suite import lines_of

if TYPE_CHECKING:
    from tests.support.suite import Suite

HEAD = """
import asyncio
import pytest
from ask import aask, ask, stream
"""


def run(suite: Suite, tests: str, *options: str, telemetry: bool = True) -> pytest.RunResult:
    """Run tests that pass."""
    suite.write(HEAD + tests)
    result = suite.run(*options, telemetry=telemetry)
    assert result.ret == 0
    return result


def test_a_tracker_annotates_the_calls_inside(suite: Suite) -> None:
    """Ids and tier on all attempts, lines and escalation on the last."""
    tests = """
def test_it(llm_telemetry):
    ask()
    with llm_telemetry.tracker(
        subject_id="page-7", user_id="u", message_id="m", tier="L2", prompt_version="3"
    ) as tracker:
        ask()
        ask()
        tracker.set_reducer_stats(emitted=5, accepted=4, rejected=1)
        tracker.escalate("too hard")
    ask()
"""
    run(suite, tests)

    before, first, last, after = suite.stored().calls
    for call in (first, last):
        labels = (call.subject_id, call.user_id, call.message_id, call.tier, call.prompt_version)
        assert labels == ("page-7", "u", "m", "L2", "3")
    assert (first.lines_emitted, first.escalated) == (None, False)
    assert (last.lines_emitted, last.lines_accepted, last.lines_rejected) == (5, 4, 1)
    assert (last.escalated, last.escalation_reason) == (True, "too hard")
    assert before.subject_id is after.subject_id is None


def test_a_tracker_without_a_call_is_one(suite: Suite) -> None:
    """With what it was told: model, usage, times."""
    tests = """
def test_it(llm_telemetry, llm_calls):
    with llm_telemetry.tracker(model="local-7b", subject_id="page-7") as tracker:
        tracker.mark_first_content()
        tracker.mark_first_content()
        tracker.set_usage(input_tokens=3, output_tokens=4)
    assert llm_calls.last.event.request_model == "local-7b"
    assert llm_calls.last.messages == []
    assert llm_calls.last.text is None
"""
    run(suite, tests)

    (call,) = suite.stored().calls
    assert (call.request_model, call.subject_id, call.status) == ("local-7b", "page-7", "ok")
    assert (call.input_tokens, call.output_tokens, call.usage_source) == (3, 4, "provider")
    assert call.ttfc_ms is not None
    assert call.duration_ms is not None
    assert call.ttfc_ms <= call.duration_ms


def test_a_tracker_works_around_async_code(suite: Suite) -> None:
    """Tasks that it starts are inside."""
    tests = """
def test_it(llm_telemetry):
    async def main():
        async with llm_telemetry.tracker(subject_id="page-7"):
            await asyncio.gather(aask(), aask())
        await aask()

    asyncio.run(main())
"""
    run(suite, tests)

    subjects = [call.subject_id for call in suite.stored().calls]
    assert subjects == ["page-7", "page-7", None]


def test_an_exception_is_recorded_and_goes_on(suite: Suite) -> None:
    """On the event of its own, or on the last call where that has no error."""
    tests = """
def test_it(llm_telemetry):
    with pytest.raises(ValueError), llm_telemetry.tracker(model="local"):
        raise ValueError("no good")
    with pytest.raises(ValueError), llm_telemetry.tracker():
        ask()
        raise ValueError("unreadable")
    with pytest.raises(ValueError), llm_telemetry.tracker():
        ask("gpt-4o-mini.status-500")
        raise ValueError("ignored")
    with pytest.raises(asyncio.CancelledError), llm_telemetry.tracker():
        raise asyncio.CancelledError
"""
    run(suite, tests)

    found = [(call.status, call.error_type, call.error) for call in suite.stored().calls]
    assert found == [
        ("error", "ValueError", "no good"),
        ("ok", "ValueError", "unreadable"),
        ("error", "fake_error", "status 500"),
        ("cancelled", "CancelledError", None),
    ]


def test_trackers_inside_each_other_share_a_call(suite: Suite) -> None:
    """It is written once; the inner one's word goes first."""
    tests = """
def test_it(llm_telemetry):
    with llm_telemetry.tracker(subject_id="outer", user_id="u") as outer:
        with llm_telemetry.tracker(subject_id="inner") as inner:
            ask()
            inner.set_reducer_stats(1, 1, 0)
        outer.set_reducer_stats(9, 9, 0)
        outer.escalate("why")
"""
    run(suite, tests)

    (call,) = suite.stored().calls
    assert (call.subject_id, call.user_id) == ("inner", "u")
    assert (call.lines_emitted, call.escalation_reason) == (1, "why")


def test_an_inner_tracker_without_a_call_is_the_call_of_the_outer(suite: Suite) -> None:
    """One event, not two."""
    tests = """
def test_it(llm_telemetry):
    with llm_telemetry.tracker(subject_id="outer"):
        with llm_telemetry.tracker(model="local"):
            pass
        with llm_telemetry.tracker(model="local"):
            pass
"""
    run(suite, tests)

    assert [call.subject_id for call in suite.stored().calls] == ["outer", "outer"]


def test_results_wait_for_a_stream_that_is_still_open(suite: Suite) -> None:
    """They stand on the last attempt, once, when that ends after the tracker."""
    tests = """
def test_it(llm_telemetry):
    with llm_telemetry.tracker(subject_id="page-7") as tracker:
        ask()
        opened = stream()
        tracker.set_reducer_stats(2, 2, 0)
    ask()
    opened.read()
"""
    run(suite, tests)

    found = [(call.stream, call.subject_id, call.lines_emitted) for call in suite.stored().calls]
    assert found == [(False, "page-7", None), (False, None, None), (True, "page-7", 2)]


def test_trackers_that_finish_elsewhere_end_all_the_same(suite: Suite) -> None:
    """Finishing in another thread, or in the wrong order, labels no later call."""
    tests = """
import threading

def test_it(llm_telemetry):
    first = llm_telemetry.tracker(subject_id="first").start()
    second = llm_telemetry.tracker(subject_id="second").start()
    first.finish()
    ask()
    thread = threading.Thread(target=second.finish)
    thread.start()
    thread.join()
    ask()
    second.finish()
"""
    run(suite, tests)

    labelled, plain = [call for call in suite.stored().calls if call.host]
    assert (labelled.subject_id, plain.subject_id) == ("second", None)


@pytest.mark.parametrize(
    "misuse",
    [
        "llm_telemetry.tracker(tier='L9')",
        "llm_telemetry.tracker(subject_id=7)",
        "llm_telemetry.tracker(model=object())",
    ],
)
def test_wrong_labels_cost_no_call(suite: Suite, misuse: str) -> None:
    """The label is left out, which is said once; the call is there."""
    tests = f"""
def test_it(llm_telemetry, llm_calls):
    with {misuse}:
        ask()
    assert llm_calls.last.event.input_tokens == 11
"""
    result = run(suite, tests)

    assert len(suite.stored().calls) == 1
    result.stdout.fnmatch_lines("understudy: 1 fault while reading '*' of a tracker: *")


def test_wrong_results_cost_no_call(suite: Suite) -> None:
    """What cannot be is left out."""
    tests = """
def test_it(llm_telemetry, llm_calls):
    with llm_telemetry.tracker() as tracker:
        ask()
        tracker.set_reducer_stats(emitted=-1, accepted="many", rejected=1)
        tracker.escalate(None)
    assert llm_calls.last.event.lines_rejected == 1
"""
    result = run(suite, tests)

    (call,) = suite.stored().calls
    assert (call.lines_emitted, call.lines_accepted, call.lines_rejected) == (None, None, 1)
    faults = [line for line in lines_of(result) if line.startswith("understudy: ")]
    assert len(faults) == 2


def test_events_are_recorded(suite: Suite) -> None:
    """Each type with its own fields; the id comes back."""
    tests = """
def test_it(llm_telemetry):
    assert llm_telemetry.record_event("direct_edit", subject_id="page-7")
    assert llm_telemetry.record_event("undo", subject_id="page-7", user_id="u")
    assert llm_telemetry.record_event("escalation", escalation_reason="too hard")
    assert llm_telemetry.record_event("llm_call", request_model="local", subject_id="page-7")
"""
    run(suite, tests)

    stored = suite.stored()
    types = [event.event_type for event in stored.events]
    assert types == ["direct_edit", "undo", "escalation", "llm_call"]
    assert {event.phase_id for event in stored.events} == {"test_it.py::test_it"}
    assert stored.owners == [("test_it", "call")]


def test_events_that_cannot_be_are_counted_and_said_once(
    suite: Suite, workers: tuple[str, ...]
) -> None:
    """Code under test goes on; the id is None."""
    tests = """
@pytest.mark.parametrize("number", range(3))
def test_it(llm_telemetry, number):
    assert llm_telemetry.record_event("undo", colour="red") is None

def test_unknown(llm_telemetry):
    assert llm_telemetry.record_event("party") is None
"""
    result = run(suite, tests, *workers)

    lines = [line for line in lines_of(result) if line.startswith("understudy: ")]
    assert len(lines) == 2
    assert lines[0].startswith("understudy: 1 fault while recording an event of type 'party': ")
    assert lines[1].startswith("understudy: 3 faults while recording an event of type 'undo': ")


def test_stats_of_a_subject(suite: Suite) -> None:
    """What this process recorded of it, across tests, with telemetry and without."""
    tests = """
def test_first(llm_telemetry):
    with llm_telemetry.tracker(subject_id="page-7") as tracker:
        ask()
        tracker.set_reducer_stats(3, 2, 1)
    llm_telemetry.record_event("undo", subject_id="page-7")

def test_second(llm_telemetry):
    with llm_telemetry.tracker(subject_id="page-7"):
        ask("gpt-4o-mini.status-500")
    stats = llm_telemetry.get_stats("page-7")
    assert (stats.calls, stats.errors, stats.undos, stats.direct_edits) == (2, 1, 1, 0)
    assert (stats.input_tokens, stats.lines_accepted) == (11, 2)
    assert str(stats.cost_usd) == "0.000004"
    assert llm_telemetry.get_stats("page-8").calls == 0
    assert llm_telemetry.get_stats("page-8").input_tokens is None
"""
    run(suite, tests)
    run(suite, tests, telemetry=False)


APPLICATION = """
    from ask import ask
    from understudy import LLMCallTracker, get_stats, record_event

    def rewrite():
        with LLMCallTracker(subject_id="page-7", tier="L3") as tracker:
            ask()
            tracker.mark_first_content()
            tracker.set_reducer_stats(1, 1, 0)
            tracker.set_usage(input_tokens=1)
        edit = record_event("direct_edit", subject_id="page-7")
        return edit, get_stats("page-7")
"""


def test_application_code_finds_the_running_telemetry(suite: Suite) -> None:
    """Nothing is handed to it."""
    suite.write(
        """
        from application import rewrite

        def test_it():
            edit, stats = rewrite()
            assert edit
            assert (stats.calls, stats.direct_edits) == (1, 1)
    """,
        application=APPLICATION,
    )

    suite.run().assert_outcomes(passed=1)

    assert [event.subject_id for event in suite.stored().events] == ["page-7", "page-7"]


def test_application_code_is_inert_without_telemetry(suite: Suite) -> None:
    """It runs in production as it stands."""
    suite.write(
        """
        from application import rewrite

        def test_it():
            edit, stats = rewrite()
            assert edit is None
            assert (stats.calls, stats.input_tokens) == (0, None)
    """,
        application=APPLICATION,
    )

    suite.run(telemetry=False).assert_outcomes(passed=1)


def test_it_may_be_asked_for_while_a_test_runs(suite: Suite) -> None:
    """Without telemetry too; the test after it is as if nothing had been."""
    tests = """
def test_it(request):
    telemetry = request.getfixturevalue("llm_telemetry")
    assert telemetry.record_event("undo", subject_id="page-7")
    assert telemetry.get_stats("page-7").undos == 1

def test_other():
    ask()
"""
    run(suite, tests, telemetry=False)


def test_no_usage_block_loses_its_call(suite: Suite) -> None:
    """Nor raises in the test: figures beyond bounds, deep and broken text, counts that are none."""
    suite.write(
        """
import httpx2
import pytest

BLOCKS = [
    '{"prompt_tokens": 1, "completion_tokens": 2, "total_tokens": 1e400}',
    '{"prompt_tokens": 1e400, "completion_tokens": 2}',
    '{"prompt_tokens": 1, "completion_tokens": 2, "cost": 1e300, "is_byok": false}',
    '{"prompt_tokens": 9223372036854775807, "completion_tokens": 9223372036854775807}',
    '{"prompt_tokens": 1, "completion_tokens": 2, "deep": %s}' % ("[" * 400 + "]" * 400),
    '{"prompt_tokens": 1, "completion_tokens": 2, "half": "\\\\ud83d"}',
    '{"prompt_tokens": true, "completion_tokens": "2.0", "total_tokens": 1}',
]

@pytest.mark.parametrize("kind", ["application/json", "text/event-stream"])
@pytest.mark.parametrize("block", BLOCKS, ids=range(len(BLOCKS)))
def test_it(block, kind, llm_calls):
    answer = '{"choices": [{"finish_reason": "stop"}], "usage": %s}' % block
    body = answer if kind == "application/json" else f"data: {answer}\\n\\n"
    transport = httpx2.MockTransport(
        lambda request: httpx2.Response(200, headers={"content-type": kind}, content=body)
    )
    with httpx2.Client(transport=transport) as client:
        client.post("https://openrouter.ai/api/v1/chat/completions", json={"model": "m"})
    assert llm_calls.count == 1
    assert llm_calls[0].cost_usd is None
    assert llm_calls[0].event.model_dump_json()
"""
    )

    suite.run().assert_outcomes(passed=14)

    counts = [(call.input_tokens, call.output_tokens) for call in suite.stored().calls]
    whole = [(1, 2), (None, 2), (1, 2), (None, None), (1, 2), (1, 2), (None, 2)]
    assert sorted(counts, key=str) == sorted(whole * 2, key=str)
