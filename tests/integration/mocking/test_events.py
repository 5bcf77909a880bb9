"""What is recorded of mocked calls."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.support.suite import Suite


def test_the_facts_of_a_mocked_call(suite: Suite, workers: tuple[str, ...]) -> None:
    """Profile, scenario, fault, clock, and where the usage comes from."""
    suite.write("""
        import pytest
        from asking import by_openai as ask

        def test_counted(mock_llm):
            mock_llm.reply("Bonjour")
            ask()

        def test_given(mock_llm):
            mock_llm.reply("Bonjour", usage={"input_tokens": 1000, "output_tokens": 7})
            ask()

        @pytest.mark.llm_scenario("page_edit")
        def test_scripted(mock_llm):
            mock_llm.fail("rate_limit", times=1, retry_after=2)
            ask()
    """)

    options = ("--llm-clock=virtual", "--llm-profile=slow")
    suite.run(*workers, *options).assert_outcomes(passed=3)

    calls = {(call.phase_id or "")[len("test_it.py::") :]: call for call in suite.stored().calls}
    refused, answered = (
        call for call in suite.stored().calls if call.phase_id == "test_it.py::test_scripted"
    )
    assert (calls["test_counted"].usage_source, calls["test_given"].usage_source) == (
        "estimated",
        "provider",
    )
    assert (calls["test_given"].input_tokens, calls["test_given"].output_tokens) == (1000, 7)
    assert (refused.fault, refused.http_status, refused.usage_source) == ("rate_limit", 429, "none")
    assert (answered.fault, answered.scenario, answered.attempt) == (None, "page_edit", 2)
    assert {call.profile for call in suite.stored().calls} == {"slow"}
    assert {call.clock for call in suite.stored().calls} == {"virtual"}


def test_a_play_without_an_sdk_is_one_event(suite: Suite) -> None:
    """Also one that was interrupted."""
    suite.write("""
        import asyncio

        def test_whole(mock_llm, llm_calls):
            assert len(list(mock_llm.stream_sync("page_edit"))) == 8
            assert llm_calls.count == 1

        def test_cut(mock_llm):
            async def main():
                lines = mock_llm.stream("page_edit", profile="slow")
                async for line in lines:
                    break
                await lines.aclose()

            asyncio.run(main())
    """)

    options = ("--llm-clock=virtual", "--llm-profile=realistic_l2")
    suite.run(*options).assert_outcomes(passed=2)

    calls = {call.phase_id: call for call in suite.stored().calls}
    whole, cut = calls["test_it.py::test_whole"], calls["test_it.py::test_cut"]
    assert (whole.origin, whole.scenario, whole.profile) == ("mocked", "page_edit", "realistic_l2")
    assert (whole.ttfc_ms, whole.duration_ms, whole.status) == (300.0, 1700.0, "ok")
    assert (cut.ttfc_ms, cut.duration_ms, cut.status) == (3000.0, 3000.0, "cancelled")
    assert whole.output_tokens is not None
    assert cut.output_tokens is not None
    assert 0 < cut.output_tokens < whole.output_tokens


def test_a_call_that_found_no_answer_came_from_nowhere(suite: Suite) -> None:
    """It is an event with the status `error` and without an origin."""
    suite.write("""
        from asking import by_openai as ask

        def test_it(mock_llm):
            ask()
    """)

    suite.run().assert_outcomes(failed=1)

    (call,) = suite.stored().calls
    assert (call.status, call.origin, call.error_type) == ("error", None, "UnmatchedCall")
    assert call.http_status is None


def test_a_mocked_test_alone_is_not_recorded(suite: Suite) -> None:
    """Nobody asked for telemetry: no event is made, no file is written."""
    suite.write(
        """
        from asking import by_openai as ask

        def test_it(mock_llm):
            mock_llm.reply("Bonjour")
            ask()
        """,
        conftest="""
            def pytest_llm_call_recorded(event):
                raise AssertionError(event)
        """,
    )

    result = suite.run(telemetry=False)

    result.assert_outcomes(passed=1)
    result.stdout.no_fnmatch_line("*understudy:*")
    assert not (suite.path / ".understudy").exists()


def test_an_ignored_test_is_mocked_all_the_same(suite: Suite) -> None:
    """`llm_ignore` is about what is recorded."""
    suite.write("""
        import pytest
        from asking import by_openai as ask

        @pytest.mark.llm_ignore
        @pytest.mark.llm_scenario("page_edit")
        def test_it(mock_llm):
            list(mock_llm.stream_sync("page_edit"))
            assert "op" in ask()
    """)

    suite.run().assert_outcomes(passed=1)

    assert suite.stored().calls == []
