"""A forgotten mock, under every client that can call a provider."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.support.leaks import LEAKS

if TYPE_CHECKING:
    from tests.support.suite import Suite

#: No mock, route or cassette reaches these.
UNANSWERED = ("urllib", "WebSocket", "websocket", "gRPC", "pycurl", "curl_cffi")
OTHERWISE = "  Send it otherwise: no mock, route or cassette answers"
SUITE = """
import pytest
from tests.support.leaks import LEAKS


@pytest.mark.parametrize("leak", [leak for leak in LEAKS if leak.is_possible], ids=str)
def test_forgotten(leak):
    leak.open()()
"""


def test_a_forgotten_mock_fails_and_says_what_to_add_under_every_client(suite: Suite) -> None:
    """The message names the call, the test and the way out, once; no SDK hides it."""
    possible = [leak for leak in LEAKS if leak.is_possible]
    suite.write(SUITE)

    result = suite.run("--llm-block-network", telemetry=False)

    result.assert_outcomes(failed=len(possible))
    said = result.stdout.str()
    for leak in possible:
        failure = said.partition(f"_ test_forgotten[{leak}] _")[2].partition("\n____")[0]
        advice = OTHERWISE if leak.name.startswith(UNANSWERED) else "  Answer it: the mock_llm fix"
        assert failure.count(advice) == 1, leak
        assert f"was refused by test_it.py::test_forgotten[{leak}] in call" in failure, leak
        for words in (leak.host, "--llm-allow-live"):
            assert words in failure, leak
