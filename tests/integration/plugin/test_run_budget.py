"""`--llm-budget`: what a run may cost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.support.suite import lines_of

if TYPE_CHECKING:
    from tests.support.suite import Suite

CALLING = """
    import pytest
    from ask import ask

    @pytest.mark.parametrize("number", range(4))
    def test_call(number):
        ask()
"""


def verdict(result: pytest.RunResult) -> list[str]:
    """Return the lines that fail the run."""
    return [line for line in result.outlines if line.startswith("FAILED llm_budget")]


def test_a_run_within_its_budget_is_green(suite: Suite) -> None:
    """Up to the limit itself; the option implies telemetry."""
    suite.write(CALLING)

    result = suite.run("--llm-budget=0.0000162", telemetry=False)

    assert result.ret == 0
    assert verdict(result) == []
    assert len(suite.stored().calls) == 4


def test_a_run_beyond_its_budget_is_red(suite: Suite, workers: tuple[str, ...]) -> None:
    """Every test passed, and the run fails: on the screen, in the store, in the status."""
    suite.write(CALLING)

    result = suite.run("--llm-budget=0.00001", *workers)

    result.assert_outcomes(passed=4)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    assert verdict(result) == [
        "FAILED llm_budget: the run's live calls cost $0.0000162, $0.00001 allowed"
    ]
    assert suite.stored().run.exit_status == 1


@pytest.mark.parametrize("option", ["-q", "--no-summary"])
def test_silence_does_not_silence_the_verdict(suite: Suite, option: str) -> None:
    """Whoever asks for no summary still sees why the run is red."""
    suite.write(CALLING)

    result = suite.run("--llm-budget=0", option)

    assert [line for line in lines_of(result) if line] == verdict(result) != []


def test_a_call_without_a_price_is_beyond_every_budget(suite: Suite) -> None:
    """The message names the models."""
    suite.write("""
        from ask import ask

        def test_it():
            ask("house-model")
            ask("house-model-2")
            ask()
    """)

    result = suite.run("--llm-budget=10")

    assert result.ret == pytest.ExitCode.TESTS_FAILED
    (line,) = verdict(result)
    assert line == (
        "FAILED llm_budget: no price for house-model, house-model-2, so the budget of $10 cannot be"
        " judged (price it in [tool.understudy.prices])"
    )


def test_calls_outside_tests_are_spent_too(suite: Suite) -> None:
    """Wide fixtures and imports count."""
    suite.write("""
        import pytest
        from ask import ask

        ask()

        @pytest.fixture(scope="session")
        def wide():
            ask()

        def test_it(wide):
            pass
    """)

    result = suite.run("--llm-budget=0.000005")

    assert verdict(result) == [
        "FAILED llm_budget: the run's live calls cost $0.0000081, $0.000005 allowed"
    ]


def test_what_ran_before_is_not_charged(suite: Suite) -> None:
    """Calls of a killed run are merged, not spent by this one."""
    suite.write("def test_it(): pass")
    journal = suite.path / ".understudy/telemetry.db.journal/dead/main.jsonl"
    journal.parent.mkdir(parents=True)
    journal.write_text(
        '{"kind":"event","event_type":"llm_call","event_id":"1","call_id":"1","ts":1,'
        '"origin":"live","cost_nanousd":5000000000,"cost_source":"provider"}\n'
    )

    result = suite.run("--llm-budget=1")

    assert result.ret == 0
    assert "merged 1 event left behind by 1 earlier run" in result.stdout.str()


def test_a_failing_run_keeps_its_status(suite: Suite) -> None:
    """An interrupted run stays interrupted, its budget broken or not."""
    suite.write("""
        import pytest
        from ask import ask

        def test_it():
            ask()
            pytest.exit("enough")
    """)

    result = suite.run("--llm-budget=0")

    assert result.ret == pytest.ExitCode.INTERRUPTED
    assert len(verdict(result)) == 1
