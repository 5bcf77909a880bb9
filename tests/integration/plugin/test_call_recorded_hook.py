"""The hook `pytest_llm_call_recorded`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.support.suite import lines_of

if TYPE_CHECKING:
    from tests.support.suite import Suite

NOTING = """
    from pathlib import Path

    HERE = Path(__file__).parent

    def pytest_llm_call_recorded(item, event):
        with (HERE / "heard.txt").open("a") as heard:
            print(item.name if item else None, event.phase_id, event.status, file=heard)
"""

CALLING = """
    import pytest
    from ask import ask

    ask()

    @pytest.fixture(scope="module")
    def wide():
        ask()

    def test_it(wide):
        ask("gpt-4o-mini.status-500")
"""


def heard(suite: Suite, folder: str = ".") -> list[str]:
    """Return what a conftest noted, sorted."""
    notes = suite.path / folder / "heard.txt"
    return sorted(notes.read_text().splitlines()) if notes.exists() else []


def test_it_hears_each_attempt_with_its_item(suite: Suite) -> None:
    """The item is None for wide fixtures and the run."""
    suite.write(CALLING, conftest=NOTING)

    suite.run().assert_outcomes(passed=1)

    assert heard(suite) == [
        "None None ok",
        "None fixture:wide ok",
        "test_it test_it.py::test_it error",
    ]


def test_it_hears_in_the_process_that_made_the_call(suite: Suite) -> None:
    """On a worker the item is the worker's own."""
    suite.write(
        """
        import pytest
        from ask import ask

        @pytest.mark.parametrize("number", range(4))
        def test_it(number):
            ask()
    """,
        conftest=NOTING,
    )

    suite.run("-n1")

    assert heard(suite) == [f"test_it[{n}] test_it.py::test_it[{n}] ok" for n in range(4)]


def test_a_conftest_of_a_folder_hears_the_tests_below_it(suite: Suite) -> None:
    """As with any hook of pytest that is about an item."""
    for folder in ("left", "right"):
        suite.pytester.mkdir(folder)
        (suite.path / folder / "conftest.py").write_text(_dedented(NOTING))
        test = f"from ask import ask\n\ndef test_{folder}():\n    ask()\n"
        (suite.path / folder / f"test_{folder}.py").write_text(test)

    suite.run().assert_outcomes(passed=2)

    assert heard(suite, "left") == ["test_left left/test_left.py::test_left ok"]
    assert heard(suite, "right") == ["test_right right/test_right.py::test_right ok"]


def test_it_hears_watched_tests_without_telemetry(suite: Suite) -> None:
    """Whoever asks for `llm_calls` is watched; nobody else is."""
    suite.write(
        """
        from ask import ask

        def test_watched(llm_calls):
            ask()

        def test_other():
            ask()
    """,
        conftest=NOTING,
    )

    suite.run(telemetry=False).assert_outcomes(passed=2)

    assert heard(suite) == ["test_watched test_it.py::test_watched ok"]


@pytest.mark.parametrize(
    ("failure", "words"),
    [
        ("raise ValueError('no good')", "ValueError: no good"),
        ("assert False", "AssertionError: assert False"),
        ("pytest.fail('no good')", "RuntimeError: no good"),
        ("pytest.skip('no good')", "RuntimeError: no good"),
    ],
)
@pytest.mark.parametrize("telemetry", [True, False], ids=["on", "off"])
def test_its_failure_is_counted_and_said_once(
    suite: Suite, failure: str, words: str, *, telemetry: bool
) -> None:
    """It fails no test, and the calls are recorded."""
    suite.write(
        """
        from ask import ask

        def test_it(llm_calls):
            assert ask()["usage"]
            ask()
            assert llm_calls.count == 2
    """,
        conftest=f"""
        import pytest

        def pytest_llm_call_recorded(item, event):
            {failure}
    """,
    )

    result = suite.run(telemetry=telemetry)

    result.assert_outcomes(passed=1)
    said = [line for line in lines_of(result) if line.startswith("understudy: ")]
    assert said == [f"understudy: 2 faults while calling a hook or sink: {words}"]


@pytest.mark.parametrize("telemetry", [True, False], ids=["on", "off"])
def test_failures_on_workers_are_added_up(suite: Suite, *, telemetry: bool) -> None:
    """The controller says them."""
    suite.write(
        """
        import pytest
        from ask import ask

        @pytest.mark.parametrize("number", range(4))
        def test_it(llm_calls, number):
            ask()
    """,
        conftest="""
        def pytest_llm_call_recorded():
            raise ValueError
    """,
    )

    result = suite.run("-n1", telemetry=telemetry)

    result.assert_outcomes(passed=4)
    said = [line for line in lines_of(result) if line.startswith("understudy: ")]
    assert said == ["understudy: 4 faults while calling a hook or sink: ValueError"]


def test_an_unknown_argument_is_pytests_own_error(suite: Suite) -> None:
    """The hook is specified, so that a misspelt argument does not pass."""
    suite.write(CALLING, conftest="def pytest_llm_call_recorded(thing): pass")

    result = suite.run()

    assert result.ret != 0
    assert "thing" in result.stdout.str() + result.stderr.str()


def _dedented(text: str) -> str:
    return "\n".join(line.removeprefix("    ") for line in text.splitlines())
