"""Mock providers in a test with telemetry."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.support.suite import Suite


def test_the_telemetry_that_runs_hears_of_their_calls(suite: Suite) -> None:
    """Though no HTTP client makes them; a refusal is an error."""
    suite.write(
        """
        import pytest
        from understudy.contracts import MockProviderError, NamedMockProvider

        BODY = {"model": "gpt-4o", "messages": [{"role": "user", "content": "Hello?"}]}
        WITH_USAGE = {**BODY, "stream": True, "stream_options": {"include_usage": True}}

        def test_calls(llm_calls):
            provider = NamedMockProvider("openrouter")
            provider.complete(BODY)
            list(provider.stream(WITH_USAGE))
            provider.mock.fail("server_error", times=1)
            with pytest.raises(MockProviderError):
                provider.complete(BODY)
            events = [call.event for call in llm_calls]
            assert [(e.provider, e.origin, e.status, e.http_status) for e in events] == [
                ("openrouter", "mocked", "ok", 200),
                ("openrouter", "mocked", "ok", 200),
                ("openrouter", "mocked", "error", 500),
            ]
            assert [(e.input_tokens, e.output_tokens) for e in events[:2]] == [(1234, 567)] * 2
        """
    )

    suite.run(telemetry=False).assert_outcomes(passed=1)
