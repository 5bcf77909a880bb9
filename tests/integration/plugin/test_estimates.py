"""Predictions of tokens, from the test to the store."""

from __future__ import annotations

import json
from textwrap import dedent
from typing import TYPE_CHECKING

import pytest
from tests.support.suite import STORE, lines_of
from tests.unit.store.samples import refuse

from understudy.cli import main
from understudy.hookspecs import PytestHooks
from understudy.store import open_store

if TYPE_CHECKING:
    from tests.support.suite import Suite

    from understudy.events import TokenEstimate

#: Each answer has 4 output tokens.
PREDICTING = """
    import asyncio
    import pytest
    from ask import aask, ask
    from understudy import Estimate, LLMCallTracker

    def test_context(llm_estimate):
        with llm_estimate(5, category="testing", complexity="low", deliverables=["a"] * 25):
            ask()

    def test_async_context(llm_estimate):
        async def work():
            async with llm_estimate(6):
                await asyncio.gather(aask(), aask())

        asyncio.run(work())

    @pytest.mark.llm_estimate(output_tokens=4, budget=9, category="implementation")
    def test_marker():
        ask()
        ask()

    def test_tracker_of_the_application():
        with LLMCallTracker(estimate=Estimate(output_tokens=2, model="gpt-4o")):
            ask()

    def test_nobody():
        ask()
"""


def estimates_of(suite: Suite) -> list[TokenEstimate]:
    """Return what is stored, in the order of time."""
    with open_store(suite.path / STORE, create=False) as store:
        return store.estimates()


def predictions_of(suite: Suite) -> dict[str, list[int]]:
    """Return the predicted tokens by the name of the test."""
    found: dict[str, list[int]] = {}
    for each in estimates_of(suite):
        name = str(each.phase_id).rpartition("::")[2]
        found.setdefault(name, []).append(each.predicted_output_tokens)
    return found


def test_a_prediction_is_stored_with_what_its_call_came_to(
    suite: Suite, workers: tuple[str, ...]
) -> None:
    """By context manager, marker and tracker, in whichever process."""
    suite.write(PREDICTING)

    result = suite.run(*workers)

    result.assert_outcomes(passed=5)
    assert predictions_of(suite) == {
        "test_context": [5],
        "test_async_context": [6, 6],
        "test_marker": [4, 4],
        "test_tracker_of_the_application": [2],
    }
    found = next(each for each in estimates_of(suite) if each.category == "testing")
    assert (found.actual_output_tokens, found.success, found.truncated) == (4, True, False)
    assert (found.model, found.prompt_tokens, found.stop_reason) == ("gpt-4o-mini", 11, "stop")
    assert found.smape_percent == pytest.approx(200 / 9)
    assert (found.waste_ratio, found.underestimated) == (1.25, False)
    assert (len(found.deliverables or ()), found.deliverable_count) == (20, 25)
    calls = {call.call_id for call in suite.stored().calls}
    assert {each.call_id for each in estimates_of(suite)} < calls


def test_the_summary_shows_how_good_they_were(suite: Suite, workers: tuple[str, ...]) -> None:
    """Overall, by category and by complexity; `understudy stats` prints the same."""
    suite.write(PREDICTING)

    lines = lines_of(suite.run(*workers))

    start = next(place for place, line in enumerate(lines) if line.startswith("estimates"))
    assert lines[start + 1] == "all                          6  28.1 %  1.12x        1 (17 %)"
    assert lines[start + 2].startswith("category implementation      2   0.0 %  1.00x")


def test_a_call_in_memory_knows_its_prediction_without_telemetry(suite: Suite) -> None:
    """A fixture or marker of ours is enough; nothing is stored."""
    suite.write(
        """
        import pytest
        from ask import ask

        @pytest.mark.llm_estimate(output_tokens=5)
        def test_it(llm_calls, llm_estimate):
            ask()
            assert llm_calls.last.estimate.smape_percent == pytest.approx(22.22, abs=0.01)
            assert llm_calls.last.estimate.actual_output_tokens == 4
            with llm_estimate(4):
                ask("gpt-4o-mini.status-500")
            assert llm_calls.last.estimate.success is False
            assert llm_calls.last.estimate.actual_output_tokens is None

        def test_nobody(llm_calls):
            ask()
            assert llm_calls.last.estimate is None
        """
    )

    result = suite.run(telemetry=False)

    result.assert_outcomes(passed=2)
    assert lines_of(result) == []
    assert not (suite.path / ".understudy").exists()


def test_the_hook_predicts_where_nobody_else_does(suite: Suite) -> None:
    """It sees the test and what is about to be sent, and is asked once for each call."""
    suite.write(
        """
        import pytest
        from ask import ask

        def test_hook():
            ask("gpt-4o-mini.status-500")
            ask("gpt-4o-mini.status-500")

        @pytest.mark.llm_estimate(output_tokens=1)
        def test_marker(llm_estimate):
            ask()
            with llm_estimate(2):
                ask()

        @pytest.fixture(scope="module")
        def wide():
            ask()

        def test_wide(wide):
            pass
        """,
        conftest="""
        import json

        def pytest_llm_estimate(item, request):
            asked = json.loads(request.body)
            return {
                "output_tokens": len(asked["messages"]) * 10,
                "category": item.name if item else "wide",
            }
        """,
    )

    result = suite.run()

    result.assert_outcomes(passed=3)
    assert predictions_of(suite) == {"test_hook": [10], "test_marker": [1, 2], "fixture:wide": [10]}
    assert {each.category for each in estimates_of(suite)} == {"test_hook", "wide", None}


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("raise KeyError('no table')", "KeyError: 'no table'"),
        ("return -5", "EstimateError: pytest_llm_estimate: output_tokens=-5"),
        (
            "return {'output_tokens': 5, 'complexity': 'hard'}",
            "EstimateError: unknown complexity 'hard' in pytest_llm_estimate.",
        ),
        ("import pytest; pytest.fail('no')", "RuntimeError: no"),
        ("import pytest; pytest.skip('no')", "RuntimeError: no"),
    ],
)
def test_a_hook_that_fails_is_said_once_and_fails_no_test(
    suite: Suite, body: str, words: str
) -> None:
    """The code under test sees nothing of it."""
    suite.write(
        "from ask import ask\ndef test_it():\n    ask()\n    ask()\n",
        conftest=f"def pytest_llm_estimate(item, request):\n    {body}\n",
    )

    result = suite.run()

    result.assert_outcomes(passed=1)
    assert estimates_of(suite) == []
    (said,) = [line for line in lines_of(result) if "faults" in line]
    assert said.startswith(f"understudy: 2 faults while predicting the tokens of a call: {words}")


def test_an_estimator_may_call_a_model_itself(suite: Suite) -> None:
    """That call is recorded, and not asked about; a retry around it stays a retry."""
    suite.write(
        """
        from ask import ask

        def test_it(llm_calls):
            ask("gpt-4o-mini.status-500")
            ask("gpt-4o-mini.status-500")
            assert [len(call.attempts) for call in llm_calls] == [1, 2]
        """,
        conftest="""
        def pytest_llm_estimate(item, request):
            from ask import ask
            ask("gpt-4o")
            return 5
        """,
    )

    result = suite.run()

    result.assert_outcomes(passed=1)
    assert predictions_of(suite) == {"test_it": [5]}


def test_a_prediction_holds_in_threads_that_are_started_inside(suite: Suite) -> None:
    """Threads and executor jobs."""
    suite.write(
        """
        from concurrent.futures import ThreadPoolExecutor
        from threading import Thread
        from ask import ask

        def test_it(llm_estimate):
            with ThreadPoolExecutor(2) as pool:
                with llm_estimate(5):
                    thread = Thread(target=ask)
                    thread.start()
                    thread.join()
                    pool.submit(ask).result()
                pool.submit(ask).result()
        """
    )

    result = suite.run()

    result.assert_outcomes(passed=1)
    assert predictions_of(suite) == {"test_it": [5, 5]}


def test_predictions_without_an_outcome_are_stored_and_said(
    suite: Suite, workers: tuple[str, ...]
) -> None:
    """No call, a failed call, an answer without usage; a skipped test predicted nothing."""
    suite.write(
        """
        import pytest
        from ask import ask

        @pytest.mark.llm_estimate(output_tokens=1)
        def test_no_call():
            pass

        def test_no_call_inside(llm_estimate):
            with llm_estimate(2):
                pass

        @pytest.mark.llm_estimate(output_tokens=3)
        def test_failing_call():
            ask("gpt-4o-mini.status-500")

        @pytest.mark.llm_estimate(output_tokens=4)
        def test_skipped():
            pytest.skip("not today")

        @pytest.mark.skip
        @pytest.mark.llm_estimate(output_tokens=5)
        def test_skipped_by_a_marker():
            pass
        """
    )

    result = suite.run(*workers)

    result.assert_outcomes(passed=3, skipped=2)
    found = {each.predicted_output_tokens: each for each in estimates_of(suite)}
    assert {each: found[each].success for each in found} == {1: None, 2: None, 3: False}
    assert all(each.actual_output_tokens is None for each in found.values())
    lines = lines_of(result)
    assert "2 estimates for which no call was made" in lines
    assert "1 estimate of calls that failed" in lines


@pytest.mark.parametrize(
    ("marker", "words"),
    [
        ("()", "output_tokens is missing"),
        ("(800)", "write it by name, like llm_estimate(output_tokens=800)"),
        ("(output_tokens=-1)", "a number of tokens is an integer from 0 on, not -1"),
        ("(output_tokens=1, complexity='hard')", "unknown complexity 'hard' in llm_estimate of"),
        ("(output_tokens=1, catgory='x')", "Did you mean 'category'?"),
    ],
)
def test_a_marker_that_predicts_nothing_is_a_usage_error(
    suite: Suite, marker: str, words: str
) -> None:
    """Before any test runs."""
    suite.write(f"import pytest\n@pytest.mark.llm_estimate{marker}\ndef test_it(): pass")

    result = suite.run(telemetry=False)

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(f"*{words.replace('[', '[[]')}*")


def test_a_marker_beside_llm_ignore_is_a_usage_error(suite: Suite) -> None:
    """Nobody would record what it predicts."""
    suite.write(
        """
        import pytest

        @pytest.mark.llm_ignore
        @pytest.mark.llm_estimate(output_tokens=1)
        def test_it(): pass
        """
    )

    result = suite.run()

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines("*llm_ignore records nothing that llm_estimate could predict*")


def test_the_fixture_refuses_what_is_no_prediction(suite: Suite) -> None:
    """It is the test's own mistake: it fails."""
    suite.write(
        """
        def test_it(llm_estimate):
            with llm_estimate(5, complexity="hihg"):
                pass
        """
    )

    result = suite.run()

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines("*EstimateError: unknown complexity 'hihg'*Did you mean 'high'*")


def test_a_value_that_the_store_refuses_is_counted_and_kept(suite: Suite) -> None:
    """Nothing is lost in silence, and no test fails."""
    suite.write(
        """
        import pytest
        from ask import ask

        @pytest.mark.llm_estimate(output_tokens=7)
        def test_it():
            ask()
        """
    )
    refuse(suite.path / STORE, "token_estimates", "predicted_output_tokens = 7")

    result = suite.run()

    result.assert_outcomes(passed=1)
    assert estimates_of(suite) == []
    result.stdout.fnmatch_lines("*1 record refused*")
    (rejected,) = (suite.path / ".understudy").glob("*.rejected.jsonl")
    assert json.loads(rejected.read_text())["reason"]


def test_a_killed_process_loses_no_prediction(suite: Suite) -> None:
    """It was written before its call was made; the next run merges it."""
    suite.write(
        """
        import os
        from ask import ask

        def test_it(llm_estimate):
            with llm_estimate(5):
                ask()
                os._exit(3)
        """
    )
    suite.run_apart()
    suite.write("def test_it(): pass")

    suite.run()

    (found,) = estimates_of(suite)
    assert (found.predicted_output_tokens, found.actual_output_tokens) == (5, 4)


def test_the_commands_read_what_a_run_stored(
    suite: Suite, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """strata, export, replay and stats, over the default store."""
    suite.write(PREDICTING)
    suite.run()
    suite.pytester.makepyfile(company="def four(task):\n    return 4\n")
    monkeypatch.chdir(suite.path)
    capsys.readouterr()

    statuses = [
        main(["strata", "--json"]),
        main(["replay", "--estimator", "company:four", "--json"]),
        main(["export", "-o", "out.ndjson", "--json"]),
        main(["stats", "--json"]),
    ]

    assert statuses == [0, 0, 0, 0]
    decoder, text, read = json.JSONDecoder(), capsys.readouterr().out.strip(), []
    while text:
        data, end = decoder.raw_decode(text)
        read.append(data)
        text = text[end:].strip()
    strata, replay, export, stats = read
    assert strata["samples"] == replay["calls"] == export["rows"] == 6
    assert replay["overall"]["new"]["smape_percent"] == 0
    assert stats["estimates"]["smape_percent"] == pytest.approx(
        replay["overall"]["old"]["smape_percent"]
    )


def test_the_example_in_the_hook_runs_as_it_stands(suite: Suite) -> None:
    """What the docstring says to paste predicts."""
    text = dedent(str(PytestHooks.pytest_llm_estimate.__doc__).partition("conftest.py`::\n")[2])
    suite.write("from ask import ask\ndef test_it(): ask()", conftest=text)

    suite.run()

    assert predictions_of(suite) == {"test_it": [56]}
