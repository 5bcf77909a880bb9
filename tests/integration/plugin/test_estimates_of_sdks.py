"""Predictions of calls that real SDKs make, and in a shared store."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.support.postgres_server import PostgresServer

from understudy.store import open_store

if TYPE_CHECKING:
    from tests.support.suite import Suite

    from understudy.events import TokenEstimate

OPENAI = """
    import os
    import openai

    import pytest

    @pytest.fixture
    def ask():
        def asked(model, **more):
            messages = [{"role": "user", "content": "Say some words."}]
            return client.chat.completions.create(model=model, messages=messages, **more)

        with openai.OpenAI(api_key="x", base_url=os.environ["FAKE_PROVIDER"] + "/v1") as client:
            yield asked

    def test_whole(llm_estimate, ask):
        with llm_estimate(8, category="testing"):
            ask("gpt-4o-mini")

    def test_stream(llm_estimate, ask):
        with llm_estimate(2, category="testing"):
            usage = {"include_usage": True}
            for _ in ask("gpt-4o-mini", stream=True, stream_options=usage):
                pass

    def test_retried(llm_estimate, ask):
        with llm_estimate(4, category="testing"):
            ask("gpt-4o-mini.busy-1.first-0")
"""

ANTHROPIC = """
    import os
    import anthropic

    import pytest

    MESSAGES = [{"role": "user", "content": "Say some words."}]

    @pytest.fixture
    def client():
        with anthropic.Anthropic(api_key="x", base_url=os.environ["FAKE_PROVIDER"]) as client:
            yield client

    def test_whole(llm_estimate, client):
        with llm_estimate(8, category="testing"):
            client.messages.create(model="claude-3-5-haiku", max_tokens=9, messages=MESSAGES)

    def test_stream(llm_estimate, client):
        with llm_estimate(2, category="testing"):
            asked = client.messages.stream(
                model="claude-3-5-haiku", max_tokens=9, messages=MESSAGES
            )
            with asked as stream:
                stream.get_final_message()
"""


def by_test(store: str) -> dict[str, TokenEstimate]:
    """Return the estimates by the name of their test; each test has one."""
    with open_store(store, create=False) as opened:
        estimates = opened.estimates()
    found = {str(each.phase_id).rpartition("::")[2]: each for each in estimates}
    assert len(found) == len(estimates)
    return found


@pytest.mark.parametrize(
    ("sdk", "tests", "words"),
    [("openai", OPENAI, {"stop"}), ("anthropic", ANTHROPIC, {"end_turn"})],
)
def test_a_call_of_an_sdk_is_settled_whole_streamed_or_retried(
    suite: Suite, sdk: str, tests: str, words: set[str]
) -> None:
    """One row for each logical call, with the tokens that the provider counted."""
    pytest.importorskip(sdk)
    suite.write(tests)

    result = suite.run()

    passed = tests.count("def test_")
    result.assert_outcomes(passed=passed)
    found = by_test(f"{suite.path}/.understudy/telemetry.db")
    assert len(found) == passed
    assert {each.actual_output_tokens for each in found.values()} == {4}
    assert {each.stop_reason for each in found.values()} == words
    assert (found["test_whole"].waste_ratio, found["test_whole"].underestimated) == (2.0, False)
    assert (found["test_stream"].waste_ratio, found["test_stream"].underestimated) == (0.5, True)
    assert found["test_stream"].smape_percent == pytest.approx(200 / 3)


def test_predictions_of_workers_meet_in_postgresql(suite: Suite) -> None:
    """With their foreign keys, whichever worker made them."""
    pytest.importorskip("psycopg", reason="psycopg is not installed")
    suite.write(
        """
        import pytest
        from ask import ask

        @pytest.mark.parametrize("number", range(4))
        @pytest.mark.llm_estimate(output_tokens=5, complexity="low", deliverables=["a", "b"])
        def test_call(number):
            ask()
        """
    )

    with PostgresServer() as server:
        result = suite.run("-n2", f"--llm-store={server.url()}")
        found = by_test(server.url())
        with open_store(server.url()) as store:
            (run,) = store.runs()
            store.delete_run(run.run_id)
            left = store.estimates()

    result.assert_outcomes(passed=4)
    assert [each.actual_output_tokens for each in found.values()] == [4] * 4
    assert {tuple(each.deliverables or ()) for each in found.values()} == {("a", "b")}
    assert left == []


def test_a_mocked_call_is_settled_with_the_tokens_of_its_reply(suite: Suite) -> None:
    """Offline, the same on every machine."""
    pytest.importorskip("openai")
    suite.write(
        """
        import openai

        def test_it(mock_llm, llm_estimate, llm_calls):
            mock_llm.reply("Hello.", usage={"input_tokens": 9, "output_tokens": 1200})
            with llm_estimate(800):
                openai.OpenAI(api_key="x").chat.completions.create(
                    model="gpt-4o-mini", messages=[{"role": "user", "content": "Hello?"}]
                )
            assert round(llm_calls.last.estimate.smape_percent, 2) == 40.0
        """
    )

    result = suite.run()

    result.assert_outcomes(passed=1)
    found = by_test(f"{suite.path}/.understudy/telemetry.db")["test_it"]
    assert (found.actual_output_tokens, found.underestimated) == (1200, True)
