"""Lifecycle events, from the test to the store and the summary."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests.support.suite import STORE, alone_or_two, lines_of

from understudy.store import open_store

if TYPE_CHECKING:
    import pytest
    from tests.support.suite import Suite

    from understudy.events.lifecycle import AnyLifecycleEvent

OPERATIONS = """
    import pytest
    from ask import ask
    from understudy import UnderstudyError, lifecycle

    def test_mended(llm_events):
        with lifecycle.generation(provider="openai", tool_name="edit", repo="app") as operation:
            ask()
            operation.validated(False, error_category="schema")
            operation.repair("schema")
            ask()
            operation.validated(True)
        failed, passed = llm_events.of("llm_validation_result")
        assert (failed.passed, passed.passed) == (False, True)
        completed = llm_events.last
        assert completed is not None and completed.attempts == 2
        assert completed.cost_nanousd == 2 * (11 * 150 + 4 * 600)
        assert len(llm_events) == 5 and llm_events[0].event_type == "llm_generation_started"
        with pytest.raises(UnderstudyError, match="Did you mean 'llm_repair_attempt'"):
            llm_events.of("llm_repair_atempt")

    def test_failed(llm_events):
        assert list(llm_events) == [] and llm_events.last is None
        with pytest.raises(TimeoutError), lifecycle.generation(tool_name="edit"):
            raise TimeoutError
        lifecycle.on_failover("openai", "anthropic", "overloaded")
        lifecycle.on_trip("openai", 5)

    @pytest.mark.llm_ignore
    def test_ignored():
        assert not lifecycle.send(lifecycle.generation_started())
"""


def stored(suite: Suite) -> list[AnyLifecycleEvent]:
    """Return the lifecycle events of the newest run."""
    with open_store(suite.path / STORE, create=False) as store:
        return store.lifecycle(store.latest_run_id() or "")


@alone_or_two
def test_events_are_stored_with_their_tests_and_counted(
    suite: Suite, workers: tuple[str, ...]
) -> None:
    """The same in one process and in two; what is False is stored as such."""
    suite.write(OPERATIONS)

    result = suite.run(*workers, "-v")

    result.assert_outcomes(passed=3)
    events = stored(suite)
    by_test: dict[str, list[AnyLifecycleEvent]] = {}
    for event in events:
        by_test.setdefault(str(event.phase_id).rpartition("::")[2], []).append(event)
    assert {
        name: [event.event_type.removeprefix("llm_") for event in its]
        for name, its in by_test.items()
    } == {
        "test_mended": [
            "generation_started",
            "validation_result",
            "repair_attempt",
            "validation_result",
            "generation_completed",
        ],
        "test_failed": [
            "generation_started",
            "generation_completed",
            "provider_failover",
            "circuit_breaker_trip",
        ],
    }
    mended, failed = by_test["test_mended"][-1], by_test["test_failed"][1]
    assert mended.event_type == failed.event_type == "llm_generation_completed"
    assert (mended.success, mended.attempts, mended.cost_nanousd) == (True, 2, 8100)
    assert (failed.success, failed.error_category) == (False, "TimeoutError")
    said = lines_of(result)
    assert (
        "operations 2 started, 2 completed, 1 repair, 1 failed validation, 1 failover, "
        "1 tripped breaker" in said
    )
    assert (
        "  test_it.py::test_mended: 1 started, 1 completed, 1 repair, 1 failed validation" in said
    )


@alone_or_two
def test_debug_prints_each_event_and_stores_none(suite: Suite, workers: tuple[str, ...]) -> None:
    """The fixture has them all the same; what tests capture of stderr is theirs."""
    suite.write(
        OPERATIONS
        + """
    def test_captured(capfd):
        lifecycle.on_trip("openai", 1)
        assert capfd.readouterr().err == ""
    """
    )

    result = suite.run_apart("--llm-lifecycle=debug", *workers, telemetry=False)

    result.assert_outcomes(passed=4)
    printed = [
        json.loads(line.removeprefix("[understudy lifecycle] "))
        for line in result.stderr.lines
        if line.startswith("[understudy lifecycle] ")
    ]
    assert len(printed) == 10
    assert 8100 in [event.get("cost_nanousd") for event in printed]
    assert not (suite.path / STORE).exists()


def test_off_makes_none_and_refuses_tests_that_want_them(
    suite: Suite, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Told before any test runs, with who said so."""
    monkeypatch.setenv("UNDERSTUDY_LIFECYCLE", "off")
    suite.write(OPERATIONS)

    refused = suite.run()
    passed = suite.run("-k", "ignored")

    refused.stderr.fnmatch_lines(
        "ERROR: test_it.py::test_mended: llm_events has nothing to give where --llm-lifecycle is"
        " off (UNDERSTUDY_LIFECYCLE); leave one of them out."
    )
    passed.assert_outcomes(passed=1, deselected=2)
    assert stored(suite) == []


def test_events_are_there_without_telemetry(suite: Suite) -> None:
    """In memory, for the test that asks."""
    suite.write(OPERATIONS)

    suite.run("-k", "not ignored", telemetry=False).assert_outcomes(passed=2, deselected=1)

    assert not (suite.path / STORE).exists()


def test_an_operation_takes_the_time_that_the_test_sees(suite: Suite) -> None:
    """On the virtual clock, too."""
    suite.write("""
        import time
        from understudy import lifecycle

        def test_waiting(llm_events, mock_llm):
            with lifecycle.generation():
                time.sleep(60)
            assert llm_events.last.duration_ms == 60_000
    """)

    suite.run("--llm-clock=virtual").assert_outcomes(passed=1)


def test_the_gate_is_red_when_an_operation_needs_another_repair(suite: Suite) -> None:
    """Though its calls are the same."""
    tests = """
        from ask import ask
        from understudy import lifecycle

        def test_it(mock_llm):
            mock_llm.reply("Hello")
            with lifecycle.generation() as operation:
                operation.validated(True)
                ask()
    """
    suite.pytester.makeini("[pytest]\nllm_mock_hosts = 127.0.0.1")
    suite.write(tests)
    suite.run("--llm-update-baseline", "--llm-reason=first").assert_outcomes(passed=1)
    unchanged = suite.run("--llm-gate")
    suite.write(tests.replace("validated(True)", "validated(False) or operation.repair()"))

    worse = suite.run("--llm-gate")

    assert (unchanged.ret, worse.ret) == (0, 1)
    assert "repairs 0 -> 1, validation_failures 0 -> 1" in worse.stdout.str()


@alone_or_two
def test_what_calls_tell_is_inferred_without_any_code(
    suite: Suite, workers: tuple[str, ...]
) -> None:
    """By real SDKs: a retry, and another provider that is asked the same."""
    suite.write("""
        import anthropic, openai, pytest

        ASKED = [{"role": "user", "content": "Where is Oslo?"}]

        def ask_anthropic(question="Where is Oslo?"):
            client = anthropic.Anthropic(api_key="k", max_retries=0)
            asked = [{"role": "user", "content": question}]
            client.messages.create(model="claude-sonnet-4-5", max_tokens=9, messages=asked)

        def ask_openai(retries):
            client = openai.OpenAI(api_key="k", max_retries=retries)
            client.chat.completions.create(model="gpt-4o-mini", messages=ASKED)

        def test_retried(mock_llm, llm_events):
            mock_llm.fail("rate_limit", times=1)
            mock_llm.reply("Norway")
            ask_openai(2)
            (event,) = llm_events
            assert (event.cause, event.inferred) == ("transport", True)

        def test_failed_over(mock_llm, llm_events):
            mock_llm.on(model="gpt-4o-mini").fail("overloaded")
            mock_llm.reply("Norway")
            with pytest.raises(openai.APIStatusError):
                ask_openai(0)
            ask_anthropic()
            assert llm_events.last.to_provider == "anthropic"

        def test_two_questions(mock_llm, llm_events):
            mock_llm.on(model="gpt-4o-mini").fail("overloaded")
            mock_llm.reply("Norway")
            with pytest.raises(openai.APIStatusError):
                ask_openai(0)
            ask_anthropic("Where is Bergen?")
            assert len(llm_events) == 0
    """)

    result = suite.run(*workers, "--llm-clock=virtual")

    result.assert_outcomes(passed=3)
    by_type = {event.event_type: event for event in stored(suite)}
    assert len(stored(suite)) == 2
    repair, failover = by_type["llm_repair_attempt"], by_type["llm_provider_failover"]
    assert str(repair.phase_id).endswith("test_retried")
    assert repair.inferred
    assert failover.event_type == "llm_provider_failover"
    assert (failover.from_provider, failover.to_provider) == ("openai", "anthropic")
    assert "operations 1 failover" in lines_of(result)  # the table tells the retry
