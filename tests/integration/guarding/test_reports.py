"""What SDKs report on their own does not leave a guarded test, and does not fail it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.support.suite import Suite

SUITE = """
import asyncio
import threading
from urllib.request import urlopen

import aiohttp
import httpx
import pytest
import requests

try:
    import httpx2
except ImportError:
    import httpx as httpx2

TRACES = "https://api.openai.com/v1/traces/ingest"
LATER = threading.Event()


def later():
    LATER.wait(30)
    httpx2.post(TRACES, json={}).raise_for_status()


@pytest.mark.parametrize("library", [httpx, httpx2, requests])
def test_blocking(mock_llm, library):
    assert library.post(TRACES, json={"data": []}).status_code == 204


def test_awaiting(mock_llm):
    async def report():
        async with httpx2.AsyncClient() as client:
            assert (await client.post(TRACES, json={})).status_code == 204
        async with aiohttp.ClientSession() as session:
            url = "https://api.mistral.ai/telemetry/v1/traces"
            async with session.post(url, data=b"spans") as response:
                assert response.status == 204

    asyncio.run(report())


def test_untapped(mock_llm):
    with pytest.raises(OSError, match="was refused"):
        urlopen(TRACES, b"{}")


def test_left_behind(mock_llm):
    global THREAD
    THREAD = threading.Thread(target=later)
    THREAD.start()


def test_unguarded():
    LATER.set()
    THREAD.join()
"""


def test_reports_are_dropped_and_said_in_one_sentence(
    suite: Suite, workers: tuple[str, ...]
) -> None:
    """Taken as their maker would, under every client, also when their test has ended; no calls."""
    suite.write(SUITE)

    result = suite.run("-Werror", "-Wignore::DeprecationWarning", *workers)

    result.assert_outcomes(passed=7)
    assert result.ret == 0
    result.stdout.fnmatch_lines(
        [
            "understudy: what SDKs report on their own was dropped in guarded tests (7):"
            " https://api.openai.com/v1/traces/ingest and 1 more."
        ]
    )
    assert suite.stored().calls == []
    assert "no calls" not in result.stdout.str()


def test_whoever_mocks_a_tracer_or_runs_one_here_is_left_alone(suite: Suite) -> None:
    """A route of the test's own, and a collector on this machine."""
    suite.write(
        """
        import httpx
        import respx
        from ask import URL

        def test_routed(mock_llm):
            with respx.mock() as router:
                router.post("https://api.openai.com/v1/traces/ingest").respond(202)
                assert httpx.post("https://api.openai.com/v1/traces/ingest").status_code == 202

        def test_here(mock_llm):
            assert httpx.post(URL.replace("chat/completions", "traces")).status_code == 404
        """
    )

    result = suite.run(telemetry=False)

    result.assert_outcomes(passed=2)
    assert "dropped" not in result.stdout.str()
