"""get_llm in application code, under pytest."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.support.suite import Suite

APP = """
from understudy import MockLLM, MockReply, get_llm


class Real:
    pass


def make():
    return get_llm(real=Real)


def is_mocked():
    return isinstance(make(), MockLLM)
"""


def _run(suite: Suite, tests: str, *options: str) -> pytest.RunResult:
    suite.write(f"import app\n{tests}", app=APP)
    return suite.run(*options, telemetry=False)


def test_the_factory_is_called_where_nothing_is_mocked(suite: Suite) -> None:
    """The application gets the real thing."""
    tests = "def test_it():\n    assert isinstance(app.make(), app.Real)\n"

    _run(suite, tests).assert_outcomes(passed=1)


@pytest.mark.parametrize("options", [("--llm-mock",), ("--llm-mock=translation",)])
def test_llm_mock_makes_it_the_mock_of_the_test(suite: Suite, options: tuple[str, ...]) -> None:
    """It plays scenarios, with the delay profile of the run."""
    tests = """
def test_it(llm_clock):
    llm = app.make()
    assert list(llm.stream_sync("translation"))
    assert llm.profile == "slow"
"""

    _run(suite, tests, "--llm-profile=slow", "--llm-clock=virtual", *options).assert_outcomes(
        passed=1
    )


def test_it_is_the_mock_of_the_fixture(suite: Suite) -> None:
    """And no longer after the test."""
    tests = """
def test_a(mock_llm):
    mock_llm.reply(app.MockReply("hi"))
    assert app.make() is mock_llm

def test_b():
    assert not app.is_mocked()
"""

    _run(suite, tests).assert_outcomes(passed=2)


@pytest.mark.parametrize(("value", "is_mocked"), [("true", True), ("1", True), ("false", False)])
def test_the_environment_makes_it_a_mock(
    suite: Suite, monkeypatch: pytest.MonkeyPatch, value: str, *, is_mocked: bool
) -> None:
    """USE_MOCK_LLM, without any option."""
    monkeypatch.setenv("USE_MOCK_LLM", value)

    _run(suite, f"def test_it():\n    assert app.is_mocked() is {is_mocked}\n").assert_outcomes(
        passed=1
    )


def test_nothing_to_return_says_what_to_do(suite: Suite) -> None:
    """Three ways out."""
    tests = """
import pytest

def test_it():
    with pytest.raises(Exception, match="USE_MOCK_LLM=true, run under pytest with --llm-mock"):
        app.get_llm()
"""

    _run(suite, tests).assert_outcomes(passed=1)
