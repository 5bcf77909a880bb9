"""Mocked answers that take as long as recorded ones did."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.support.suite import Suite

EVENT = 'data: {"choices": [{"index": 0, "delta": {"content": "word "}}]}\n\n'


def record(suite: Suite, events: str = "+310.0 +20.0 +20.0") -> None:
    """Write a cassette with one streamed answer, whose events came at these moments."""
    interaction = {
        "request": {
            "method": "POST",
            "uri": "https://api.openai.com/v1/chat/completions",
            "headers": {},
            "body": '{"model": "gpt-5", "stream": true, "messages": []}',
        },
        "response": {
            "status": {"code": 200, "message": "OK"},
            "headers": {"content-type": ["text/event-stream"]},
            "body": {"string": EVENT * events.count("+")},
            "llm_timing": {"headers_ms": 300.0, "events": events},
        },
    }
    path = suite.path / "tests" / "cassettes" / "test_ask.json"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps({"version": 1, "interactions": [interaction]}))


@pytest.mark.parametrize("way", ["option", "marker", "attribute", "reply"])
def test_the_profile_recorded_has_the_timing_of_the_cassettes(suite: Suite, way: str) -> None:
    """First content and gaps as they were recorded, however the profile is named."""
    record(suite)
    suite.write(f"""
        import pytest
        from asking import by_openai_stream as ask

        {'@pytest.mark.llm_profile("recorded")' if way == "marker" else ""}
        def test_it(mock_llm, llm_calls):
            {'mock_llm.profile = "recorded"' if way == "attribute" else ""}
            mock_llm.reply("a\\nb\\nc\\n"{', profile="recorded"' if way == "reply" else ""})

            assert len(list(ask())) == 3

            event = llm_calls.last.event
            assert (event.ttfc_ms, event.duration_ms) == (310, 350)
            assert event.profile == "recorded"
    """)
    options = ["--llm-profile=recorded"] if way == "option" else []

    result = suite.run("--llm-clock=virtual", *options, telemetry=False)

    result.assert_outcomes(passed=1)


def test_cassettes_without_timing_are_a_usage_error(suite: Suite) -> None:
    """It says what to do."""
    record(suite, events="")
    suite.write("def test_it(mock_llm): pass")

    result = suite.run("--llm-profile=recorded", telemetry=False)

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert "finds no streamed answer with timing in" in result.stderr.str()
