"""Tests that are marked for pytest-recording, served by us where it is not there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.support.suite import lines_of

if TYPE_CHECKING:
    from tests.provider import Provider
    from tests.support.suite import Suite

MARKED = """
import pytest
from ask import ask

@pytest.mark.vcr(WORDS)
def test_call():
    ask()
"""
SERVED = ("-ollm_vcr_marker=true", "-omarkers=vcr")


@pytest.fixture(autouse=True)
def _not_in_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is recorded where CI is set, but these tests record."""
    monkeypatch.delenv("CI", raising=False)


def test_a_marked_test_has_its_cassette(suite: Suite, provider: Provider) -> None:
    """Where pytest-recording would have it."""
    suite.write(MARKED.replace("WORDS", "record_mode='once', filter_headers=['authorization']"))

    suite.run(*SERVED).assert_outcomes(passed=1)
    result = suite.run(*SERVED)

    result.assert_outcomes(passed=1)
    assert len(provider.received) == 1
    assert (suite.path / "cassettes/test_it/test_call.yaml").exists()
    assert "cassettes  1 hit" in lines_of(result)


def test_a_marked_test_is_left_alone_without_the_setting(suite: Suite, provider: Provider) -> None:
    """It is somebody else's marker."""
    suite.write(MARKED.replace("WORDS", "record_mode='once'"))

    suite.run("-omarkers=vcr").assert_outcomes(passed=1)

    assert len(provider.received) == 1
    assert not (suite.path / "cassettes").exists()


def test_what_pytest_recording_serves_is_left_to_it(suite: Suite) -> None:
    """Its calls are recorded in the telemetry all the same, and a word says why."""
    pytest.importorskip("pytest_recording")
    suite.write(MARKED.replace("WORDS", ""))

    result = suite.run_apart(*SERVED, "-p", "pytest_recording.plugin", "--record-mode=once")

    result.assert_outcomes(passed=1)
    assert any("pytest-recording serves the tests" in line for line in lines_of(result))
    assert [call.origin for call in suite.stored().calls] == ["recorded"]
    assert "llm_recorded_at" not in (suite.path / "cassettes/test_it/test_call.yaml").read_text()


def test_an_unknown_word_is_a_usage_error(suite: Suite) -> None:
    """It names the nearest."""
    suite.write(MARKED.replace("WORDS", "match_onn=['body']"))

    result = suite.run(*SERVED)

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines("*unknown argument 'match_onn'*Did you mean 'match_on'*")


def test_what_the_marker_matches_on_is_followed(suite: Suite, provider: Provider) -> None:
    """Without the body, another prompt is answered too, and the summary says so."""
    words = "record_mode='once', match_on=['method', 'path']"
    suite.write(MARKED.replace("WORDS", words))
    suite.run(*SERVED)
    unchanged = suite.run(*SERVED)
    suite.write(MARKED.replace("WORDS", words).replace("ask()", "ask('gpt-5')"))

    changed = suite.run(*SERVED)

    changed.assert_outcomes(passed=1)
    assert len(provider.received) == 1
    told = "1 call got what a cassette recorded for another question"
    assert told in changed.stdout.str()
    assert told not in unchanged.stdout.str()
    assert {call.cassette_verdict for call in suite.stored().calls} == {"changed"}
