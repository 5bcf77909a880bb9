"""The marker `llm_budget`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.support.suite import Suite

#: One call of the suite: 11 and 4 tokens of gpt-4o-mini, at $0.15 and $0.60 a million.
ONE_CALL = 0.00000405

switched = pytest.mark.parametrize("telemetry", [True, False], ids=["on", "off"])


def breach(result: pytest.RunResult) -> str:
    """Return what the one test's budget exceeded; empty where it was kept."""
    result.assert_outcomes(passed=1, errors=result.ret)
    lines = [line for line in result.outlines if line.startswith("llm_budget exceeded: ")]
    return lines[0].removeprefix("llm_budget exceeded: ") if lines else ""


def limited(limits: str, body: str = "ask()") -> str:
    """Return a test with a budget."""
    return f"""
        import pytest
        from ask import ask

        @pytest.mark.llm_budget({limits})
        def test_it():
            {body}
    """


@switched
@pytest.mark.parametrize(
    ("limits", "exceeded"),
    [
        ("calls=1", ""),
        ("calls=0", "1 call, 0 allowed"),
        ("tokens=15", ""),
        ("tokens=14", "15 tokens, 14 allowed"),
        (f"usd={ONE_CALL}", ""),
        ("usd=0.000004", "$0.00000405 at list price, $0.000004 allowed"),
        ("ttfc_ms=60_000", ""),
        ("calls=0, tokens=0", "1 call, 0 allowed; 15 tokens, 0 allowed"),
    ],
)
def test_each_limit(suite: Suite, limits: str, exceeded: str, *, telemetry: bool) -> None:
    """It is kept up to the limit itself, with telemetry and without."""
    suite.write(limited(limits))

    assert breach(suite.run(telemetry=telemetry)) == exceeded


def test_the_limits_hold_on_workers(suite: Suite, workers: tuple[str, ...]) -> None:
    """The test fails on the worker that ran it, like any other."""
    suite.write(limited("calls=0"))

    assert breach(suite.run(*workers, telemetry=False)) == "1 call, 0 allowed"
    assert not (suite.path / ".understudy").exists()


def test_the_worst_first_content_counts(suite: Suite) -> None:
    """Of several calls the slowest is judged."""
    suite.write(limited("ttfc_ms=50", "ask(); ask('gpt-4o-mini.head-80')"))

    exceeded = breach(suite.run())

    assert exceeded.startswith("first content after ")
    assert exceeded.endswith(" ms, 50 ms allowed")


@switched
def test_a_call_without_a_price_breaks_a_limit_in_usd(suite: Suite, *, telemetry: bool) -> None:
    """The message names the model and what to do."""
    suite.write(limited("usd=1", "ask('house-model'); ask()"))

    assert breach(suite.run(telemetry=telemetry)) == (
        "no price for house-model, so usd=1 cannot be judged (price it in [tool.understudy.prices])"
    )


def test_a_price_of_ones_own_makes_it_judgeable(suite: Suite) -> None:
    """`[tool.understudy.prices]` is used."""
    suite.write(limited("usd=1", "ask('house-model')"))
    suite.pytester.makepyprojecttoml(
        '[tool.understudy.prices]\n"house-model" = {input = 1, output = 1}'
    )

    assert breach(suite.run()) == ""


def test_a_call_without_usage_breaks_a_limit_of_tokens(suite: Suite) -> None:
    """A stream that was stopped early told no usage."""
    suite.write("""
        import pytest
        from ask import stream

        @pytest.mark.llm_budget(tokens=1000)
        def test_it():
            stream("gpt-4o-mini.hang-2").close()
    """)

    assert breach(suite.run()) == "1 call sent no usage, so tokens=1000 cannot be judged"


def test_a_failed_attempt_costs_nothing(suite: Suite) -> None:
    """An error has neither tokens nor a price, and breaks no limit of them."""
    suite.write(limited("usd=0, tokens=0", "ask('gpt-4o-mini.status-500')"))

    assert breach(suite.run()) == ""


def test_the_calls_of_fixtures_count_if_they_are_the_tests_own(suite: Suite) -> None:
    """Function fixtures do, set-up and teardown; wide ones do not."""
    suite.write("""
        import pytest
        from ask import ask

        @pytest.fixture(scope="module")
        def wide():
            ask()

        @pytest.fixture
        def narrow():
            yield ask()
            ask()

        @pytest.mark.llm_budget(calls=1)
        def test_it(wide, narrow):
            pass
    """)

    assert breach(suite.run()) == "2 calls, 1 allowed"


def test_calls_that_no_tap_sees_count_too(suite: Suite) -> None:
    """A tracker's own call is one."""
    suite.write("""
        import pytest
        import understudy

        @pytest.mark.llm_budget(calls=0)
        def test_it():
            with understudy.LLMCallTracker(model="local"):
                pass
    """)

    assert breach(suite.run(telemetry=False)) == "1 call, 0 allowed"


def test_the_nearest_marker_holds(suite: Suite) -> None:
    """A test's own budget goes before that of its module."""
    suite.write("""
        import pytest
        from ask import ask

        pytestmark = pytest.mark.llm_budget(calls=0)

        @pytest.mark.llm_budget(calls=1)
        def test_it():
            ask()
    """)

    assert breach(suite.run()) == ""


def test_a_failing_test_is_judged_as_well(suite: Suite) -> None:
    """It fails, and its budget is an error besides."""
    suite.write(limited("calls=0", "ask(); assert False"))

    suite.run().assert_outcomes(failed=1, errors=1)


BY_NAME = "give limits by name, like llm_budget(usd=0.01, calls=3)."


@pytest.mark.parametrize(
    ("marker", "complaint"),
    [
        ("(usd=-1)", "usd=-1 is no number from 0 on."),
        ("(usd=float('nan'))", "usd=nan is no number from 0 on."),
        ("(calls='3')", "calls='3' is no number from 0 on."),
        ("(calls=10**400)", f"calls={10**400} is no number from 0 on."),
        ("(calls=True)", "calls=True is no number from 0 on."),
        ("(0.01)", BY_NAME),
        ("", BY_NAME),
    ],
)
@switched
def test_a_marker_called_wrongly_is_a_usage_error(
    suite: Suite, marker: str, complaint: str, *, telemetry: bool
) -> None:
    """It is said in one line, before any test runs."""
    suite.write(f"""
        import pytest

        def test_good(): pass

        @pytest.mark.llm_budget{marker}
        def test_bad(): pass
    """)

    result = suite.run(telemetry=telemetry)

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert result.errlines == [f"ERROR: llm_budget of test_it.py::test_bad: {complaint}", ""]
    result.assert_outcomes()


def test_an_unknown_limit_names_the_nearest(suite: Suite) -> None:
    """And the known ones."""
    suite.write(limited("call=1"))

    result = suite.run()

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert result.errlines[0] == (
        "ERROR: unknown limit 'call' in llm_budget of test_it.py::test_it."
        " Did you mean 'calls'? Known: calls, tokens, ttfc_ms, usd."
    )


@pytest.mark.parametrize(
    ("markers", "complaint"),
    [
        (
            "@pytest.mark.llm_ignore @pytest.mark.llm_budget(calls=1)",
            "llm_ignore records nothing that llm_budget could judge. Drop one.",
        ),
        (
            "@pytest.mark.llm_ignore('please') @pytest.mark.llm_budget(calls=1)",
            "llm_ignore takes no arguments.",
        ),
    ],
)
def test_markers_that_contradict_each_other(suite: Suite, markers: str, complaint: str) -> None:
    """A budget without calls to judge is a mistake."""
    decorators = markers.replace(" @", "\n        @")
    suite.write(f"""
        import pytest

        {decorators}
        def test_bad(): pass
    """)

    result = suite.run()

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert result.errlines == [f"ERROR: test_it.py::test_bad: {complaint}", ""]


@pytest.mark.parametrize(
    ("marker", "words", "count", "telemetry"),
    [
        ("llm_budget(call=1)", "unknown limit 'call'", "-n2", True),
        ("llm_budget(call=1)", "unknown limit 'call'", "-n1", False),
        ("llm_estimate()", "output_tokens is missing", "-n1", False),
        ("llm_cassette(nam='x')", "unknown argument 'nam'", "-n1", False),
    ],
)
def test_workers_refuse_wrong_markers_too(
    suite: Suite, marker: str, words: str, count: str, *, telemetry: bool
) -> None:
    """The controller says it once, in one line; no test runs."""
    suite.write(f"""
        import pytest
        from pathlib import Path

        @pytest.mark.parametrize("number", range(5))
        def test_good(number):
            Path("ran").touch()

        @pytest.mark.{marker}
        def test_bad(): pass
    """)

    result = suite.run(count, telemetry=telemetry)

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    (line,) = filter(None, result.errlines)
    assert line.startswith("ERROR: ")
    assert words in line
    assert not (suite.path / "ran").exists()
    assert "Traceback" not in result.stdout.str()
