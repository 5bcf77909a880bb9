"""Mocks answer calls whose body is compressed, or still streamed when they begin."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.support.suite import Suite


def test_a_mock_sees_what_is_asked_in_whatever_way(suite: Suite) -> None:
    """At a provider's host, and at one that nobody knows."""
    suite.write("""
        import asyncio
        import gzip
        import io
        import json

        import aiohttp
        import httpx
        import httpx2
        import pytest
        import requests
        import urllib3

        MESSAGES = [{"role": "user", "content": "hello there"}]
        BODY = json.dumps({"model": "asked", "messages": MESSAGES}).encode()

        def pieces():
            yield BODY[:7]
            yield BODY[7:]

        async def awaited():
            for piece in pieces():
                yield piece

        def later(library):
            async def post(url):
                async with library.AsyncClient() as client:
                    await client.post(url, content=awaited())
            return lambda url: asyncio.run(post(url))

        async def by_aiohttp(url, data):
            async with aiohttp.ClientSession() as session, session.post(url, data=data) as answer:
                await answer.read()

        GZIP = {"content-encoding": "gzip"}
        WAYS = [
            lambda url: httpx.post(url, content=pieces()),
            lambda url: httpx2.post(url, content=iter([BODY])),
            later(httpx),
            later(httpx2),
            lambda url: requests.post(url, data=pieces(), timeout=9),
            lambda url: urllib3.request("POST", url, body=io.StringIO(BODY.decode())),
            lambda url: asyncio.run(by_aiohttp(url, awaited())),
            lambda url: httpx2.post(url, content=gzip.compress(BODY), headers=GZIP),
        ]

        @pytest.mark.parametrize(
            "url", ["https://api.openai.com/v1/chat/completions", "https://gateway.test/v1/messages"]
        )
        def test_it(url, mock_llm, llm_calls):
            mock_llm.reply("Bonjour")
            for ask in WAYS:
                ask(url)
            assert {call.prompt.user_text for call in mock_llm.calls} == {"hello there"}
            assert [call.event.request_model for call in llm_calls] == ["asked"] * len(WAYS)
    """)

    suite.run().assert_outcomes(passed=2)
