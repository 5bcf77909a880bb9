"""Faults by option, setting, environment, marker and hook."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.support.suite import Suite

SUITE = """
import pytest
import requests


def statuses(number=3):
    url = "https://api.openai.com/v1/chat/completions"
    asked = {"model": "m", "messages": [{"role": "user", "content": "Hello"}]}
    return [requests.post(url, json=asked).status_code for _ in range(number)]
"""
PLAIN = "def test_it(mock_llm):\n    mock_llm.reply('ok')\n    assert statuses() == "
MARKED = f"@pytest.mark.llm_faults('unavailable')\n{PLAIN}"
IDLE = "no call was mocked"


def _run(suite: Suite, test: str, *options: str) -> pytest.RunResult:
    suite.write(SUITE + test)
    return suite.run(*options, telemetry=False)


@pytest.mark.parametrize("way", ["option", "environment", "setting"])
def test_each_named_fault_befalls_one_attempt_of_each_test(
    suite: Suite, way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the order of the names, by option, environment or setting."""
    options = ["--llm-faults=rate_limit,server_error"] if way == "option" else []
    if way == "environment":
        monkeypatch.setenv("UNDERSTUDY_FAULTS", "rate_limit,server_error")
    if way == "setting":
        suite.pytester.makeini("[pytest]\nllm_faults = rate_limit, server_error\n")
    tests = f"{PLAIN}[429, 500, 200]\n{PLAIN.replace('test_it', 'test_next')}[429, 500, 200]\n"

    _run(suite, tests, *options).assert_outcomes(passed=2)


def test_a_marker_names_the_faults_of_one_test(suite: Suite) -> None:
    """It goes before the configuration, and the command line before it."""
    suite.pytester.makeini("[pytest]\nllm_faults = rate_limit\n")

    _run(suite, f"{MARKED}[503, 200, 200]\n").assert_outcomes(passed=1)
    _run(suite, f"{MARKED}[500, 200, 200]\n", "--llm-faults=server_error").assert_outcomes(passed=1)


def test_a_marker_without_names_lifts_the_setting(suite: Suite) -> None:
    """For one test, or for a class of them."""
    suite.pytester.makeini("[pytest]\nllm_faults = rate_limit\n")

    test = f"@pytest.mark.llm_faults()\n{PLAIN}[200, 200, 200]\n"

    _run(suite, test).assert_outcomes(passed=1)


@pytest.mark.parametrize("test", ["def test_it():", "def test_it(session_mock_llm):"])
def test_faults_befall_whole_suites_that_know_nothing_of_us(suite: Suite, test: str) -> None:
    """With `--llm-mock`, and in mocks of wide scope."""
    reply = "    session_mock_llm.reply('ok')\n" if "session" in test else ""
    tests = f"{test}\n{reply}    assert statuses() == [429, 200, 200]\n"

    _run(suite, tests, "--llm-mock", "--llm-faults=rate_limit").assert_outcomes(passed=1)


@pytest.mark.parametrize(
    ("marker", "options", "words"),
    [
        ("", ["--llm-faults=rat_limit"], "--llm-faults: unknown fault 'rat_limit'. Did you mean"),
        ("@pytest.mark.llm_faults('rest')\n", [], "test_it: unknown fault 'rest'. Did you mean"),
        ("@pytest.mark.llm_faults(429)\n", [], "llm_faults takes names, like llm_faults('rate"),
        ("@pytest.mark.llm_faults(name='reset')\n", [], "llm_faults takes names, like"),
    ],
)
def test_a_wrong_name_is_a_usage_error(
    suite: Suite, marker: str, options: list[str], words: str
) -> None:
    """It says whose it is, and the nearest name."""
    result = _run(suite, f"{marker}def test_it(mock_llm):\n    pass\n", *options)

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert "did nothing" not in result.stdout.str()
    assert words in result.stderr.str()


def test_faults_of_your_own_have_names_like_the_others(suite: Suite) -> None:
    """`register_faults` teaches them to the option, the marker and `mock_llm.fail`."""
    conftest = """
import understudy
from understudy.mock import Fault


class Teapot(Fault):
    def on_rendered(self, rendered, call):
        return type(rendered)(418, rendered.headers, rendered.pieces)


@understudy.hookimpl
def register_faults(register):
    register("teapot", Teapot)
"""
    suite.pytester.makeconftest(conftest)
    marked = f"@pytest.mark.llm_faults('teapot')\n{PLAIN.replace('test_it', 'test_marked')}"

    _run(suite, f"{marked}[418, 200, 200]\n").assert_outcomes(passed=1)
    _run(suite, f"{PLAIN}[418, 200, 200]\n", "--llm-faults=teapot").assert_outcomes(passed=1)


@pytest.mark.parametrize("name", ["reset", ""])
def test_a_name_that_is_taken_is_a_usage_error(suite: Suite, name: str) -> None:
    """Nobody replaces what is built in."""
    suite.pytester.makeconftest(
        f"""
        import understudy

        @understudy.hookimpl
        def register_faults(register):
            register({name!r}, object)
        """
    )

    result = _run(suite, "def test_it(mock_llm):\n    pass\n")

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*is empty or built in*"])


def test_an_option_that_did_nothing_is_said(suite: Suite, workers: tuple[str, ...]) -> None:
    """Once, with workers too."""
    result = _run(suite, "def test_it():\n    pass\n", "--llm-faults=reset", *workers)

    result.assert_outcomes(passed=1)
    assert result.stdout.str().count(IDLE) == 1


def test_a_marker_that_did_nothing_is_a_warning(suite: Suite) -> None:
    """It names the test."""
    test = "@pytest.mark.llm_faults('reset')\ndef test_it():\n    pass\n"

    result = _run(suite, test, "-Wdefault")

    result.assert_outcomes(passed=1, warnings=1)
    result.stdout.fnmatch_lines([f"*{IDLE}, so the faults did nothing: reset*"])


def test_faults_that_did_something_are_not_spoken_of(suite: Suite) -> None:
    """No warning and no line."""
    result = _run(suite, f"{MARKED}[503, 200, 200]\n", "-Wdefault")

    result.assert_outcomes(passed=1, warnings=0)
    assert IDLE not in result.stdout.str()
