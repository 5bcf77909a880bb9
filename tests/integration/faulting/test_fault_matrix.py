"""What the SDKs make of each fault, as a suite sees it: one test each, on the virtual clock."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.support.suite import Suite

ASK = {
    "openai": """
import httpx
import openai

IS_OLD = openai.VERSION.startswith("2.")  # lets the errors of its client through
ERRORS = {
    "dropped": httpx.RemoteProtocolError if IS_OLD else openai.APIConnectionError,
    "silent": httpx.ReadTimeout if IS_OLD else openai.APITimeoutError,
    "told": openai.APIError,
    "busy": openai.RateLimitError,
}


def ask(stream=True, **options):
    with openai.OpenAI(api_key="x", **options) as client:
        asked = {"model": "gpt-5", "messages": [{"role": "user", "content": "Hello"}]}
        answer = client.chat.completions.create(**asked, stream=stream)
        if not stream:
            return answer.choices[0].message.content
        return "".join(chunk.choices[0].delta.content or "" for chunk in answer if chunk.choices)
""",
    "anthropic": """
from importlib import import_module

import anthropic

LIBRARY = import_module("httpx" if anthropic.__version__.startswith("0.") else "httpx2")
ERRORS = {
    "dropped": LIBRARY.RemoteProtocolError,
    "silent": LIBRARY.ReadTimeout,
    "told": anthropic.APIStatusError,
    "busy": anthropic.RateLimitError,
}


def ask(stream=True, **options):
    asked = {"model": "claude", "max_tokens": 9, "messages": [{"role": "user", "content": "Hello"}]}
    with anthropic.Anthropic(api_key="x", **options) as client:
        if not stream:
            return client.messages.create(**asked).content[0].text
        with client.messages.stream(**asked) as answer:
            return "".join(answer.text_stream)
""",
}
MATRIX = """
from json import JSONDecodeError

import pytest
from asking import ERRORS, ask

TEXT = "one\\ntwo\\nthree\\nfour\\n"


@pytest.fixture(autouse=True)
def answered(mock_llm):
    mock_llm.reply(TEXT)


def starts(mock_llm):
    return [round(call.began_at - mock_llm.calls[0].began_at, 3) for call in mock_llm.calls]


@pytest.mark.llm_faults("truncated")
def test_clean_truncation_is_no_error(mock_llm):
    assert ask() == "one\\ntwo\\n"


@pytest.mark.parametrize(
    "fault, options, error",
    [
        ("peer_drop", {"after_lines": 1}, ERRORS["dropped"]),
        ("read_timeout", {"after_lines": 1}, ERRORS["silent"]),
        ("malformed", {}, JSONDecodeError),
        ("error_event", {}, ERRORS["told"]),
    ],
)
def test_what_goes_wrong_in_a_stream_is_raised_and_not_retried(mock_llm, fault, options, error):
    mock_llm.fail(fault, times=1, **options)

    with pytest.raises(error):
        ask()

    assert len(mock_llm.calls) == 1
    assert ask() == TEXT


@pytest.mark.llm_faults("rechunked")
def test_splinters_are_put_together(mock_llm):
    assert ask() == TEXT


@pytest.mark.parametrize("form, seconds", [("s", 0.2), ("ms", 0.15), ("s", 30), ("date", 30)])
def test_the_client_waits_as_long_as_it_is_told(mock_llm, form, seconds):
    mock_llm.fail("rate_limit", times=1, retry_after=seconds, retry_after_in=form)

    assert ask() == TEXT

    assert starts(mock_llm) == [0, pytest.approx(seconds, abs=1.01 if form == "date" else 0.01)]
    mock_llm.assert_resilient()


def test_a_bare_429_is_retried_after_a_moment(mock_llm):
    mock_llm.fail("rate_limit", times=1, retry_after=None)

    assert ask() == TEXT

    assert starts(mock_llm) == [0, pytest.approx(0.45, abs=0.1)]
    mock_llm.assert_resilient()


@pytest.mark.llm_faults("final_429")
def test_a_client_that_must_not_retry_does_not(mock_llm):
    with pytest.raises(ERRORS["busy"]):
        ask()

    assert len(mock_llm.calls) == 1


def test_a_client_that_ignores_retry_after_is_caught(mock_llm):
    mock_llm.fail("rate_limit", times=1, retry_after=30)
    with pytest.raises(ERRORS["busy"]):
        ask(max_retries=0)
    ask(max_retries=0)

    with pytest.raises(AssertionError, match="retry_after_ignored"):
        mock_llm.assert_resilient()


@pytest.mark.llm_faults("rate_limit", "overloaded", "connection_refused", "read_timeout")
def test_a_bad_day_ends_well(mock_llm):
    assert ask(max_retries=4) == TEXT

    assert [call.fault for call in mock_llm.calls if call.fault]
    mock_llm.assert_resilient()
"""
FINAL = """
import understudy
from understudy.mock import Fault


class Final(Fault):
    def on_rendered(self, rendered, call):
        headers = (*rendered.headers, ("x-should-retry", "false"))
        return type(rendered)(429, headers, rendered.pieces)


@understudy.hookimpl
def register_faults(register):
    register("final_429", Final)
"""


@pytest.mark.parametrize("sdk", sorted(ASK))
def test_the_fault_matrix_of_an_sdk(suite: Suite, sdk: str) -> None:
    """Faults by marker, by method and of the suite's own; the waits cost no time."""
    pytest.importorskip(sdk)
    suite.write(MATRIX, asking=ASK[sdk], conftest=FINAL)

    result = suite.run("--llm-clock=virtual", telemetry=False)

    result.assert_outcomes(passed=14)
