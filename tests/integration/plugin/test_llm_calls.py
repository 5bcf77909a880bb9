"""The fixture `llm_calls`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.support.suite import Suite

switched = pytest.mark.parametrize("telemetry", [True, False], ids=["on", "off"])


def check(suite: Suite, tests: str, *options: str, telemetry: bool = False) -> None:
    """Run tests that assert for themselves."""
    suite.write(f"from decimal import Decimal\nimport pytest\nfrom ask import ask, stream\n{tests}")
    result = suite.run(*options, telemetry=telemetry)
    assert result.ret == 0
    assert result.parseoutcomes().keys() == {"passed"}


@switched
def test_it_holds_what_was_asked_and_answered(suite: Suite, *, telemetry: bool) -> None:
    """Messages, tools, text and figures, with telemetry and without."""
    tests = """
def test_it(llm_calls):
    assert llm_calls.count == len(llm_calls) == 0
    ask(tools=[{"type": "function", "function": {"name": "look"}}])
    assert llm_calls.count == 1
    call = llm_calls.last
    assert call is not None and call.messages == [{"role": "user", "content": "Say some words."}]
    assert call.tools[0]["function"]["name"] == "look"
    assert call.text == "word0 word1 word2 word3 "
    assert call.tool_calls == ()
    assert call.event.input_tokens == 11
    assert call.event.phase_id == "test_it.py::test_it"
"""
    check(suite, tests, telemetry=telemetry)


@switched
def test_it_adds_up(suite: Suite, *, telemetry: bool) -> None:
    """Counts, costs and models, in the order in which the calls ended."""
    tests = """
def test_it(llm_calls):
    ask()
    ask("gpt-4o")
    ask()
    models = [call.event.request_model for call in llm_calls]
    assert models == ["gpt-4o-mini", "gpt-4o", "gpt-4o-mini"]
    assert {model: len(calls) for model, calls in llm_calls.by_model().items()} == {
        "gpt-4o-mini": 2, "gpt-4o": 1
    }
    assert llm_calls[1].cost_usd == Decimal("0.000068")
    assert llm_calls.total_cost_usd == Decimal("0.000076")
    assert [call.event.model for call in llm_calls[:2]] == ["gpt-4o-mini", "gpt-4o"]
"""
    check(suite, tests, telemetry=telemetry)


def test_an_unknown_price_is_none(suite: Suite) -> None:
    """It is not taken for zero, in a call or in a sum."""
    tests = """
def test_it(llm_calls):
    ask()
    ask("house-model")
    assert llm_calls.last.cost_usd is None
    assert llm_calls.total_cost_usd is None
"""
    check(suite, tests)


def test_attempts_of_one_call_are_one(suite: Suite) -> None:
    """Its event is that of the last attempt."""
    tests = """
import os
import anthropic

def test_it(llm_calls):
    with anthropic.Anthropic(base_url=os.environ["FAKE_PROVIDER"], api_key="x") as client:
        client.messages.create(
            model="claude.busy-1", max_tokens=9, messages=[{"role": "user", "content": "Hello"}]
        )
    assert llm_calls.count == 1
    assert [event.http_status for event in llm_calls.last.attempts] == [429, 200]
    assert llm_calls.last.event.attempt == 2
    assert llm_calls.last.text
"""
    check(suite, tests)


def test_a_failed_call_has_no_text(suite: Suite) -> None:
    """Its event says what went wrong."""
    tests = """
def test_it(llm_calls):
    ask("gpt-4o-mini.status-500")
    assert llm_calls.last.text is None
    assert llm_calls.last.event.error_type == "fake_error"
    assert llm_calls.last.cost_usd == 0
"""
    check(suite, tests)


def test_the_last_of_no_calls_is_an_error(suite: Suite) -> None:
    """It says that there is none, not that an index is wrong."""
    tests = """
def test_it(llm_calls):
    with pytest.raises(LookupError, match="no LLM call yet"):
        llm_calls.last
    assert llm_calls.total_cost_usd == 0
"""
    check(suite, tests)


def test_it_sees_its_own_test_only(suite: Suite) -> None:
    """Neither other tests nor wide fixtures; function fixtures it does."""
    tests = """
@pytest.fixture(scope="module")
def wide():
    ask()

@pytest.fixture
def narrow():
    ask()

def test_other(wide):
    ask()

def test_it(wide, narrow, llm_calls):
    assert llm_calls.count == 1
"""
    check(suite, tests)


@switched
def test_it_may_be_asked_for_while_a_test_runs(suite: Suite, *, telemetry: bool) -> None:
    """From then on calls are seen; with telemetry also those before."""
    tests = f"""
def test_other():
    ask()

@pytest.mark.parametrize("time", [1, 2])
def test_it(request, time):
    ask()
    calls = request.getfixturevalue("llm_calls")
    ask()
    assert calls.count == {2 if telemetry else 1}

def test_another():
    ask()
"""
    check(suite, tests, telemetry=telemetry)


def test_an_ignored_test_has_none(suite: Suite) -> None:
    """`llm_ignore` wins over a fixture that some autouse fixture asks for."""
    tests = """
@pytest.fixture(autouse=True)
def counting(llm_calls):
    yield
    assert llm_calls.count == 0

@pytest.mark.llm_ignore
def test_it():
    ask()
"""
    check(suite, tests)


def test_it_works_in_unittest_through_a_fixture(suite: Suite) -> None:
    """An autouse fixture hands it to a TestCase."""
    tests = """
import unittest

class TestIt(unittest.TestCase):
    @pytest.fixture(autouse=True)
    def take(self, llm_calls):
        self.calls = llm_calls

    def test_it(self):
        ask()
        assert self.calls.count == 1
"""
    check(suite, tests)


def test_a_prompt_that_is_no_list_is_one_message(suite: Suite) -> None:
    """Responses and embeddings may send a mere text."""
    tests = """
from ask import POOL, URL

def test_it(llm_calls):
    url = URL.replace("chat/completions", "embeddings")
    POOL.request("POST", url, json={"model": "text-embedding-3-small", "input": "Hello"})
    assert llm_calls.last.messages == ["Hello"]
    assert llm_calls.last.tools == []
"""
    check(suite, tests)


def test_without_telemetry_nothing_is_kept(suite: Suite) -> None:
    """No summary and no file, though the calls are watched."""
    suite.write("""
        from ask import ask

        def test_it(llm_calls):
            ask()
    """)

    result = suite.run(telemetry=False)

    assert "LLM calls" not in result.stdout.str()
    assert not (suite.path / ".understudy").exists()
